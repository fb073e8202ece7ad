import MoultCore
import MoultNN

/// The sizes of the embeddings of a network for tables.
public struct EmbeddingSizes: Sendable, Equatable {
  /// The number of inputs that are used as they are; they come before the inputs that are embedded.
  public let plainSize: Int
  /// The number of rows of each embedding table.
  public let rowCounts: [Int]

  package init(plainSize: Int, rowCounts: [Int]) { (self.plainSize, self.rowCounts) = (plainSize, rowCounts) }

  /// Returns the length of an embedding's vectors: 1.6 · n^0.56 for n rows, rounded up, at most 50. The formula is
  /// fastai's rule of thumb.
  static func vectorSize(rowCount: Int) -> Int {
    var size = 1
    // Finds the smallest size s with s ≥ 1.6 · n^0.56. The test s^25 ≥ 1.6^25 · n^14 is equivalent and needs no `pow`.
    while size < 50, pow25(Double(size) / 1.6) < pow14(Double(rowCount)) { size += 1 }
    return size
  }

  private static func pow25(_ x: Double) -> Double { (0..<25).reduce(1) { result, _ in result * x } }
  private static func pow14(_ x: Double) -> Double { (0..<14).reduce(1) { result, _ in result * x } }

  /// The vector length of each embedding.
  public var vectorSizes: [Int] { rowCounts.map(Self.vectorSize) }
  /// The number of outputs: the plain inputs and the vectors of all embeddings.
  public var outputSize: Int { plainSize + vectorSizes.reduce(0, +) }
  /// The number of weights in all embedding tables.
  public var parameterCount: Int { zip(rowCounts, vectorSizes).reduce(0) { $0 + $1.0 * $1.1 } }
}

extension EmbeddingSizes {
  /// Creates the sizes that a table encoding needs; nil if no column is embedded.
  public init?(_ encoding: TableEncoding) {
    if encoding.embeddingRowCounts.isEmpty { return nil }
    self.init(plainSize: encoding.plainSize, rowCounts: encoding.embeddingRowCounts.map { max(1, $0) })
  }
}

/// Replaces the last inputs of each row, which are category indices, by their embedding vectors.
///
/// - Shapes: `x: [N, plainSize + tables.count]` -> `[N, outputSize]`, the plain inputs first, then the vectors.
public struct TableEmbeddings: Module {
  /// The embedding tables, in the order of their inputs.
  public let tables: [CategoryEmbedding]
  private let plainSize: Int

  /// Builds the embeddings, with vectors drawn from the current seed.
  ///
  /// - Parameters:
  ///   - sizes: The numbers of plain inputs and of rows of each table.
  ///   - rate: The probability of dropping a row of a table in training, in 0...1.
  public init(_ sizes: EmbeddingSizes, rate: Double) {
    plainSize = sizes.plainSize
    tables = zip(sizes.rowCounts, sizes.vectorSizes).map { CategoryEmbedding($0, $1, rate: rate) }
  }

  /// Returns the plain inputs, followed by the embedding vectors.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    var parts = plainSize > 0 ? [x[0..., 0..<plainSize]] : []
    for (index, table) in tables.enumerated() { parts.append(table(x[0..., plainSize + index])) }
    return concatenate(parts, axis: 1)
  }
}
