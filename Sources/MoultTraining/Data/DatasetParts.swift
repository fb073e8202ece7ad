/// The training data of a file or folder, and its test data if there are any.
public struct DatasetParts: Sendable {
  /// The training samples.
  public let train: TensorDataset
  /// The test samples; nil if the source has none, so that the caller splits some off.
  public let test: TensorDataset?
  /// The names of the classes by class number; empty if the source has no class names.
  public let classNames: [String]
  /// Descriptions of the parts of the source that were not read, for a message; empty if everything was read.
  public let passedOver: [String]

  /// Makes the parts.
  public init(train: TensorDataset, test: TensorDataset?, classNames: [String] = [], passedOver: [String] = []) {
    (self.train, self.test, self.classNames, self.passedOver) = (train, test, classNames, passedOver)
  }
}
