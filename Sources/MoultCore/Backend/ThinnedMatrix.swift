/// A matrix `[N, units]` of a batch, without the columns of the units that the batch, or each stretch of its rows, drops.
///
/// A layer reads its operands as such; everybody else gets the whole matrix, computed when they look
/// (``DeferredExpansion``).
struct ThinnedMatrix {
  /// Rows that keep the same units.
  struct Part {
    let rows: Range<Int>
    /// `[rows, kept]`, contiguous Float32.
    let columns: Tensor
    /// The units that the columns belong to; nil for all.
    let units: KeptUnits?

    /// How many units there are in all.
    var allUnits: Int { units?.total ?? columns.shape[1] }
    /// Which part of them the columns are.
    var share: Double { Double(columns.shape[1]) / Double(max(allUnits, 1)) }
  }

  /// In the order of their rows, which are all.
  let parts: [Part]
  /// The matrix itself.
  let whole: Tensor

  /// What a matrix of Float32 is known to be.
  init(_ x: Tensor) {
    let parts = x.deferred(as: DeferredExpansion.self)?.parts
    whole = parts == nil ? x.contiguous() : x.detached()
    self.parts = parts ?? [Part(all: whole)]
  }

  /// Computes the elements that have been put off.
  func compute() {
    for part in parts { part.columns.computed() }
  }

  /// Whether there are units that rows drop together.
  var isThinned: Bool { parts.contains { $0.units != nil } }

  /// The one part, if all rows keep the same units.
  var single: Part? { parts.count == 1 ? parts[0] : nil }

  /// Some rows, if they all keep the same units.
  func part(of rows: Range<Int>) -> Part? {
    guard let part = parts.first(where: { $0.rows.contains(rows) }) else { return nil }
    let start = rows.lowerBound - part.rows.lowerBound
    return Part(rows: rows, columns: part.columns.rows(start..<start + rows.count), units: part.units)
  }

  /// About which part of the elements of the whole is not zero.
  var density: Double {
    parts.reduce(0) { $0 + $1.columns.density() * $1.share * Double($1.rows.count) } / Double(max(whole.shape[0], 1))
  }

  /// The sum over the batch, `[units]`.
  func sum() -> Tensor {
    guard let part = single, let units = part.units else { return whole.sum(axis: 0) }
    let sums = part.columns.sum(axis: 0), result = Storage(count: units.total, dtype: .float32)
    units.spread(sums, into: result.pointer(as: Float.self))
    return Tensor(storage: result, shape: [units.total])
  }
}

extension ThinnedMatrix.Part {
  /// All of a contiguous matrix.
  init(all x: Tensor) { self.init(rows: 0..<x.shape[0], columns: x, units: nil) }
}

/// The whole of a thinned matrix, with its zeros.
final class DeferredExpansion: DeferredElements, @unchecked Sendable {
  private var matrix: [ThinnedMatrix.Part]

  private init(_ matrix: [ThinnedMatrix.Part], units: Int) {
    self.matrix = matrix
    super.init(width: units)
  }

  /// The matrix `[N, units]` with such parts.
  static func result(of parts: [ThinnedMatrix.Part], units: Int) -> Tensor {
    let rows = parts.reduce(0) { $0 + $1.rows.count }
    return Tensor(
      storage: Storage(count: rows * units, deferred: DeferredExpansion(parts, units: units)), shape: [rows, units])
  }

  /// The matrix without its zeros; nil once somebody has looked at it with them.
  var parts: [ThinnedMatrix.Part]? { whileOpen { matrix } }

  override func compute(into result: UnsafeMutablePointer<Float>) {
    for part in matrix {
      guard let units = part.units else { fatalError("DeferredExpansion: a part that is whole") }
      units.spread(part.columns, into: result + part.rows.lowerBound * units.total)
    }
  }

  override func forget() { matrix = [] }
}

extension Tensor {
  /// Some rows of a contiguous matrix, without a history.
  func rows(_ range: Range<Int>) -> Tensor {
    guard range != 0..<shape[0] else { return detached() }
    return Tensor(storage: storage, shape: [range.count, shape[1]], offset: offset + range.lowerBound * shape[1])
  }
}
