import MoultCore
import MoultTraining

/// How rows of a table become inputs of a network, and its outputs predictions.
///
/// It is made from training rows alone: no mean, deviation or list of values knows anything of the rows that a network
/// is evaluated on. It is kept in the model's file, so that other tables of the same columns are encoded the same way.
///
/// - Shapes: inputs `[N, inputSize]`: for each column its numbers, then for each embedded column the number of its
///   value; labels `[N]` of `int32` for classes, `[N, 1]` of `float32`, standardized, for a number.
public struct TableEncoding: Sendable, Equatable {
  /// Categories with no more different values get an input for each.
  public static let oneHotLimit = 16
  /// Values of an embedded category that get a row of their own: the most frequent. A value that only one training row
  /// has shares a row with those beyond.
  public static let vocabularyLimit = 1_000
  /// Beyond, a column is hardly a list of classes.
  public static let greatestClassCount = Dataset.greatestClassCount

  /// Standardized numbers are at most so far from 0: what is further away says nothing of its column, and products of
  /// it leave the range of 32 bits.
  public static let greatestMagnitude = 1e6

  /// The column that is predicted, and its classes or its scale.
  public let target: PredictionTarget
  /// The columns that a network sees, in the order of the table that was learned from.
  public let columns: [ColumnEncoding]

  /// Makes an encoding. Nothing is checked: `decode` and `fitted` give sound ones.
  package init(target: PredictionTarget, columns: [ColumnEncoding]) {
    (self.target, self.columns) = (target, columns)
  }

  /// The name of the column that is predicted.
  public var targetName: String { target.name }

  /// Inputs that are numbers.
  public var plainSize: Int { columns.reduce(0) { $0 + $1.plainWidth } }
  /// Rows that each embedding needs, the unknown value's not counted.
  public var embeddingRowCounts: [Int] { columns.compactMap(\.embeddingRowCount) }
  /// Numbers of an encoded row: plain ones, then one for each embedding.
  public var inputSize: Int { plainSize + embeddingRowCounts.count }
}
