/// The data of a file or folder: a test part only where it has one.
public struct DatasetParts: Sendable {
  /// The samples to train on.
  public let train: Dataset
  /// The samples to evaluate on; nil where the source has no such part, and one is to be split off.
  public let test: Dataset?
  /// The name of each class by its number; empty where the source names none.
  public let classNames: [String]
  /// The content of the source that was left out, in words, for a message; empty if there is none.
  public let passedOver: [String]

  /// Makes the parts.
  public init(train: Dataset, test: Dataset?, classNames: [String] = [], passedOver: [String] = []) {
    (self.train, self.test, self.classNames, self.passedOver) = (train, test, classNames, passedOver)
  }
}
