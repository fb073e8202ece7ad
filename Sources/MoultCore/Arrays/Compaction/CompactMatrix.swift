/// A matrix `[N, columns]` without the columns that are dropped in all rows, or in each block of rows.
///
/// Products read it as such; a reader of the elements gets the whole matrix, with its zeros.
struct CompactMatrix: Sendable {
  /// Rows that have the same active columns. A class, so that a copy costs one reference.
  final class RowBlock: Sendable {
    let rows: Range<Int>
    /// `[rows, active]`, contiguous Float32.
    let columns: NDArray
    /// Which columns of the matrix they are; nil for all.
    let active: ActiveColumns?

    init(rows: Range<Int>, columns: NDArray, active: ActiveColumns?) {
      (self.rows, self.columns, self.active) = (rows, columns, active)
    }

    /// How many columns the matrix has.
    var columnCount: Int { active?.total ?? columns.shape[1] }
    /// The fraction of the columns that is active.
    var activeFraction: Double { Double(columns.shape[1]) / Double(max(columnCount, 1)) }
  }

  /// In the order of their rows, which are all.
  let blocks: [RowBlock]
  /// The matrix with its zeros, where it is known and columns are left out.
  private let whole: NDArray?
  private let columnCount: Int

  init(blocks: [RowBlock], columnCount: Int) {
    (self.blocks, self.columnCount) = (blocks, columnCount)
    whole = nil
  }

  /// A Float32 array as a matrix whose columns are its last axis; compact if its pending elements are.
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

  /// Computes pending elements.
  func compute() {
    for block in blocks { block.columns.compute() }
  }

  /// Whether there are columns that are left out.
  var isCompact: Bool { blocks.contains { $0.active != nil } }

  /// The one block, if all rows have the same active columns.
  var single: RowBlock? { blocks.count == 1 ? blocks[0] : nil }

  /// Some rows, if they all have the same active columns.
  func block(of rows: Range<Int>) -> RowBlock? {
    guard let block = blocks.first(where: { $0.rows.contains(rows) }) else { return nil }
    let start = rows.lowerBound - block.rows.lowerBound
    return RowBlock(rows: rows, columns: block.columns.rows(start..<start + rows.count), active: block.active)
  }

  /// All rows with all columns, zeros included.
  var uncompacted: RowBlock {
    if let single, single.active == nil { return single }
    return RowBlock(rows: 0..<rowCount, columns: whole ?? scattered, active: nil)
  }

  /// About which fraction of the elements of the whole is not zero.
  var density: Double {
    blocks.reduce(0) { $0 + $1.columns.density() * $1.activeFraction * Double($1.rows.count) }
      / Double(max(rowCount, 1))
  }

  /// The sum over the rows, `[columns]`.
  func sum() -> NDArray {
    guard let block = single, let active = block.active else { return uncompacted.columns.sum(axis: 0) }
    let sums = block.columns.sum(axis: 0), result = Storage(count: active.total, dtype: .float32)
    active.scatter(sums, into: result.pointer(as: Float.self))
    return NDArray(storage: result, shape: [active.total])
  }

  /// The whole matrix, pending.
  var scattered: NDArray {
    let pending = PendingElements(.activeColumns(self), rowLength: columnCount)
    return NDArray(storage: Storage(count: rowCount * columnCount, pending: pending), shape: [rowCount, columnCount])
  }

  /// Writes the whole matrix.
  func scatter(into result: UnsafeMutablePointer<Float>) {
    for block in blocks {
      guard let active = block.active else { fatalError("CompactMatrix: a block without active columns") }
      active.scatter(block.columns, into: result + block.rows.lowerBound * active.total)
    }
  }
}
