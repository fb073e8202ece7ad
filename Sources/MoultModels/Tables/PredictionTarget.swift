import MoultCore
import MoultNN

/// The target of a model: one of some classes, or a number.
public struct PredictionTarget: Sendable, Equatable {
  /// Whether outputs are logits of classes or a number; never a heteroscedastic regression.
  public let task: LearningTask
  /// The name of the predicted column or number; empty for the classes of images.
  public let name: String
  /// The names of the classes in the order of their labels; empty for a number.
  public let classNames: [String]
  /// The mean of a number in the training samples, which standardized outputs are moved by; 0 for classes.
  public let mean: Double
  /// The standard deviation, which standardized outputs are multiplied by; 1 for classes.
  public let deviation: Double

  /// One of these classes.
  public init(classes names: [String], name: String = "") {
    (task, self.name, classNames, mean, deviation) = (.classification, name, names, 0, 1)
  }

  /// A number with its scale.
  public init(number name: String, mean: Double, deviation: Double) {
    (task, self.name, classNames, self.mean, self.deviation) = (.regression, name, [], mean, deviation)
  }

  /// The number of outputs of a network: one for each class, or one.
  package var outputSize: Int { task == .classification ? classNames.count : 1 }

  /// A standardized number in its own unit.
  package func inUnits(_ standardized: Double) -> Double { standardized * deviation + mean }
}
