import MoultCore
import MoultNN

/// The sizes of the embeddings of a table's network.
public struct EmbeddingSizes: Sendable, Equatable {
  /// The number of inputs that are not looked up; they come first.
  public let plainSize: Int
  /// The number of rows of each embedding.
  public let rowCounts: [Int]

  package init(plainSize: Int, rowCounts: [Int]) { (self.plainSize, self.rowCounts) = (plainSize, rowCounts) }

  /// The length of the vectors of an embedding: about 1.6 · n^0.56 for n rows, at most 50, as in fastai.
  static func vectorSize(rowCount: Int) -> Int {
    var size = 1
    // The least size s with s ≥ 1.6 · n^0.56, in whole numbers: s^25 ≥ 1.6^25 · n^14.
    while size < 50, pow25(Double(size) / 1.6) < pow14(Double(rowCount)) { size += 1 }
    return size
  }

  private static func pow25(_ x: Double) -> Double { (0..<25).reduce(1) { result, _ in result * x } }
  private static func pow14(_ x: Double) -> Double { (0..<14).reduce(1) { result, _ in result * x } }

  /// The length of the vectors of each embedding.
  public var vectorSizes: [Int] { rowCounts.map(Self.vectorSize) }
  /// The number of outputs: the plain inputs and all vectors.
  public var outputSize: Int { plainSize + vectorSizes.reduce(0, +) }
  /// The number of embedded values.
  public var parameterCount: Int { zip(rowCounts, vectorSizes).reduce(0) { $0 + $1.0 * $1.1 } }
}

extension EmbeddingSizes {
  /// The sizes for an encoding; nil if it embeds no column.
  public init?(_ encoding: TableEncoding) {
    if encoding.embeddingRowCounts.isEmpty { return nil }
    self.init(plainSize: encoding.plainSize, rowCounts: encoding.embeddingRowCounts.map { max(1, $0) })
  }
}

/// Replaces the last inputs, the indices of categories, by their embedding vectors.
///
/// - Shapes: `x: [N, plainSize + tables]` -> `[N, outputSize]`.
public struct TableEmbeddings: Module {
  /// The embeddings, in the order of the inputs.
  public let tables: [CategoryEmbedding]
  private let plainSize: Int

  /// Builds the embeddings with random vectors of the current seed.
  ///
  /// - Parameter rate: The probability of dropping a row of a table.
  public init(_ sizes: EmbeddingSizes, rate: Double) {
    plainSize = sizes.plainSize
    tables = zip(sizes.rowCounts, sizes.vectorSizes).map { CategoryEmbedding($0, $1, rate: rate) }
  }

  /// The plain inputs and the vectors of the others.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    var parts = plainSize > 0 ? [x[0..., 0..<plainSize]] : []
    for (index, table) in tables.enumerated() { parts.append(table(x[0..., plainSize + index])) }
    return concatenate(parts, axis: 1)
  }
}
