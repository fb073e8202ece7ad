import Moult

/// The sizes of the embeddings of a table's network.
struct EmbeddingSizes: Equatable {
  /// Inputs that are numbers, before those that are looked up.
  let plainSize: Int
  /// Rows of each embedding.
  let rowCounts: [Int]

  /// A vector for n values is about 1.6 · n^0.56 long, at most 50, as in fastai.
  static func vectorSize(rowCount: Int) -> Int {
    var size = 1
    // The least size s with s ≥ 1.6 · n^0.56, in whole numbers: s^25 ≥ 1.6^25 · n^14.
    while size < 50, pow25(Double(size) / 1.6) < pow14(Double(rowCount)) { size += 1 }
    return size
  }

  private static func pow25(_ x: Double) -> Double { (0..<25).reduce(1) { result, _ in result * x } }
  private static func pow14(_ x: Double) -> Double { (0..<14).reduce(1) { result, _ in result * x } }

  var vectorSizes: [Int] { rowCounts.map(Self.vectorSize) }
  /// Numbers that come out: the plain ones and all vectors.
  var outputSize: Int { plainSize + vectorSizes.reduce(0, +) }
  var parameterCount: Int { zip(rowCounts, vectorSizes).reduce(0) { $0 + $1.0 * $1.1 } }
}

extension EmbeddingSizes {
  /// The sizes that an encoding asks for; nil if it embeds nothing.
  init?(_ encoding: TableEncoding) {
    if encoding.embeddingRowCounts.isEmpty { return nil }
    self.init(plainSize: encoding.plainSize, rowCounts: encoding.embeddingRowCounts.map { max(1, $0) })
  }
}

/// Puts vectors in the place of the numbers of categories, which are the last inputs.
///
/// - Shapes: `x: [N, plainSize + tables]` -> `[N, outputSize]`.
struct TableEmbeddings: Module {
  let tables: [CategoryEmbedding]
  private let plainSize: Int

  /// - Parameter rate: the probability of dropping a row of a table.
  init(_ sizes: EmbeddingSizes, rate: Double) {
    plainSize = sizes.plainSize
    tables = zip(sizes.rowCounts, sizes.vectorSizes).map { CategoryEmbedding($0, $1, rate: rate) }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    var parts = plainSize > 0 ? [x[0..., 0..<plainSize]] : []
    for (index, table) in tables.enumerated() { parts.append(table(x[0..., plainSize + index])) }
    return concatenate(parts, axis: 1)
  }
}
