import MoultCore
import MoultTraining

/// The encoding of table rows as inputs of a network, and the meaning of the network's outputs.
///
/// The encoding is fitted to the training rows only: its means, deviations and lists of values contain nothing of the
/// validation and test rows. It is stored in the model file, so that other tables with the same columns are encoded in
/// the same way.
///
/// - Shapes: inputs `[N, inputSize]`: the plain inputs of all columns, then one index for each embedded column; labels
///   `[N]` of `int32` for classes, standardized `[N, 1]` of `float32` for a regression.
public struct TableEncoding: Sendable, Equatable {
  /// The largest number of distinct values of a categorical column that is one-hot encoded; with more it is embedded.
  public static let oneHotLimit = 16
  /// The largest number of values of an embedded column that get a row of their own in the embedding: the most frequent
  /// ones. Less frequent values, and values that only one training row has, share one row.
  public static let vocabularyLimit = 1_000
  /// The largest number of classes; a target with more distinct values is probably no list of classes.
  public static let greatestClassCount = TensorDataset.greatestClassCount

  /// The largest magnitude of a standardized number. Larger values are probably wrong, and products of them overflow
  /// `Float`.
  public static let greatestMagnitude = 1e6

  /// The predicted column, with its classes or its scale.
  public let target: PredictionTarget
  /// The encodings of the input columns, in the order of the training table.
  public let columns: [ColumnEncoding]

  /// Creates an encoding without a check. Those from `decode(_:location:)` and from training rows are valid.
  package init(target: PredictionTarget, columns: [ColumnEncoding]) {
    (self.target, self.columns) = (target, columns)
  }

  /// The name of the predicted column.
  public var targetName: String { target.name }

  /// The number of inputs that are not embedded.
  public var plainSize: Int { columns.reduce(0) { $0 + $1.plainWidth } }
  /// The number of rows of each embedding table, without the unknown value.
  public var embeddingRowCounts: [Int] { columns.compactMap(\.embeddingRowCount) }
  /// The number of values in an encoded row: the plain inputs, then one index for each embedding.
  public var inputSize: Int { plainSize + embeddingRowCounts.count }
}
