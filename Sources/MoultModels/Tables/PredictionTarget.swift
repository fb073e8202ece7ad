import MoultCore
import MoultNN

/// The target of a model: a class, or a number.
public struct PredictionTarget: Sendable, Equatable {
  /// The task: classification (the outputs are class logits) or regression (the output is a number). Heteroscedastic
  /// regression is not supported.
  public let task: LearningTask
  /// The name of the predicted column; empty for the classes of images.
  public let name: String
  /// The names of the classes, in the order of their labels; empty for a regression.
  public let classNames: [String]
  /// The mean of the targets of the training rows, which is added to outputs after scaling; 0 for classes.
  public let mean: Double
  /// The standard deviation of the targets of the training rows, by which outputs are multiplied; 1 for classes.
  public let deviation: Double

  /// Creates the target of a classification.
  public init(classes names: [String], name: String = "") {
    (task, self.name, classNames, mean, deviation) = (.classification, name, names, 0, 1)
  }

  /// Creates the target of a regression, with the mean and standard deviation of its training values.
  public init(number name: String, mean: Double, deviation: Double) {
    (task, self.name, classNames, self.mean, self.deviation) = (.regression, name, [], mean, deviation)
  }

  /// The number of outputs of a network: one for each class, or 1 for a regression.
  package var outputSize: Int { task == .classification ? classNames.count : 1 }

  /// Converts a standardized number to the unit of the targets.
  package func inUnits(_ standardized: Double) -> Double { standardized * deviation + mean }
}
