/// A Float32 matrix `[N, columns]` that does not store dropped columns: columns that are zero in all rows of a row
/// block.
///
/// Products read the stored, active columns only. An operation that reads the elements gets the whole matrix, with
/// zeros in the dropped columns.
struct CompactMatrix: Sendable {
  /// A block of consecutive rows that have the same active columns. It is a class, so that a copy costs one reference.
  final class RowBlock: Sendable {
    let rows: Range<Int>
    /// The elements of the active columns: a contiguous Float32 matrix `[rows.count, active columns]`.
    let columns: NDArray
    /// The positions of the active columns; nil if all columns are active.
    let active: ActiveColumns?

    init(rows: Range<Int>, columns: NDArray, active: ActiveColumns?) {
      (self.rows, self.columns, self.active) = (rows, columns, active)
    }

    /// The number of columns of the matrix, including the dropped columns.
    var columnCount: Int { active?.total ?? columns.shape[1] }
    /// The fraction of the columns that are active, in 0...1.
    var activeFraction: Double { Double(columns.shape[1]) / Double(max(columnCount, 1)) }
  }

  /// The row blocks in ascending order; together they contain all rows.
  let blocks: [RowBlock]
  /// The array that this matrix was made from, if it has dropped columns: the whole matrix, including its zeros. Nil
  /// otherwise.
  private let whole: NDArray?
  private let columnCount: Int

  init(blocks: [RowBlock], columnCount: Int) {
    (self.blocks, self.columnCount) = (blocks, columnCount)
    whole = nil
  }

  /// Makes a matrix `[N, D]` from a Float32 array `[..., D]`. It has dropped columns if the array's pending elements
  /// are those of a matrix with dropped columns.
  init(_ x: NDArray) {
    columnCount = x.shape[x.rank - 1]
    if x.rank == 2, let pending = x.pending, pending.kind == .activeColumns,
      case .activeColumns(let matrix) = pending.current
    {
      blocks = matrix.blocks
      whole = x
    } else {
      let contiguous = x.contiguous(), rows = x.shape.dropLast().reduce(1, *)
      let matrix = x.rank == 2 ? contiguous : contiguous.reshaped([rows, columnCount])
      blocks = [RowBlock(rows: 0..<rows, columns: matrix, active: nil)]
      whole = nil
    }
  }

  var rowCount: Int { blocks.last?.rows.upperBound ?? 0 }

  /// Computes the elements of all blocks that are still pending.
  func compute() {
    for block in blocks { block.columns.compute() }
  }

  /// Whether at least one row block has dropped columns, which are not stored.
  var isCompact: Bool { blocks.contains { $0.active != nil } }

  /// The only row block, if all rows have the same active columns; nil otherwise.
  var single: RowBlock? { blocks.count == 1 ? blocks[0] : nil }

  /// Returns the rows `rows` as one block; nil if no single block contains them.
  func block(of rows: Range<Int>) -> RowBlock? {
    guard let block = blocks.first(where: { $0.rows.contains(rows) }) else { return nil }
    let start = rows.lowerBound - block.rows.lowerBound
    return RowBlock(rows: rows, columns: block.columns.rows(start..<start + rows.count), active: block.active)
  }

  /// All rows and columns as one block, with zeros in the dropped columns.
  var uncompacted: RowBlock {
    if let single, single.active == nil { return single }
    return RowBlock(rows: 0..<rowCount, columns: whole ?? scattered, active: nil)
  }

  /// An estimate of the fraction of non-zero elements in the whole matrix, in 0...1.
  var density: Double {
    blocks.reduce(0) { $0 + $1.columns.density() * $1.activeFraction * Double($1.rows.count) }
      / Double(max(rowCount, 1))
  }

  /// Returns the sum of all rows, a vector `[columns]`.
  func sum() -> NDArray {
    guard let block = single, let active = block.active else { return uncompacted.columns.sum(axis: 0) }
    let sums = block.columns.sum(axis: 0), result = Storage(count: active.total, dtype: .float32)
    active.scatter(sums, into: result.pointer(as: Float.self))
    return NDArray(storage: result, shape: [active.total])
  }

  /// The whole matrix, including its zeros, as an array `[rowCount, columnCount]` whose elements are computed when they
  /// are read.
  var scattered: NDArray {
    let pending = PendingElements(.activeColumns(self), rowLength: columnCount)
    return NDArray(storage: Storage(count: rowCount * columnCount, pending: pending), shape: [rowCount, columnCount])
  }

  /// Writes the whole matrix, including its zeros, to `result`, `[rowCount, columnCount]`. Each block must have active
  /// columns.
  func scatter(into result: UnsafeMutablePointer<Float>) {
    for block in blocks {
      guard let active = block.active else { fatalError("CompactMatrix: a block without active columns") }
      active.scatter(block.columns, into: result + block.rows.lowerBound * active.total)
    }
  }
}
