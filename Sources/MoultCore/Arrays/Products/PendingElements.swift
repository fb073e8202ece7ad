import Synchronization

/// The pending elements of a storage: elements that are computed when they are first read.
///
/// Until then a following operation can join the computation, so that it works on the elements while they are in the
/// cache. The results have the same bits as if each operation were computed on its own.
final class PendingElements: @unchecked Sendable {
  /// The source that the elements are computed from.
  enum Source: Sendable {
    /// A matrix product with its epilogue.
    case product(PendingProduct)
    /// The rows of an array, repeated `times` times.
    case repeatedRows(NDArray, times: Int)
    /// A matrix that stores its active columns; the other columns are zero.
    case activeColumns(CompactMatrix)
  }

  /// The case of a source, which can be asked for without the lock.
  enum Kind: Sendable { case product, repeatedRows, activeColumns }

  let kind: Kind
  private let lock = Mutex(())
  private let computed = Atomic<Bool>(false)
  private var source: Source?
  private var isJoined = false
  /// The number of elements of each row of the result.
  let rowLength: Int

  init(_ source: Source, rowLength: Int) {
    kind =
      switch source {
      case .product: .product
      case .repeatedRows: .repeatedRows
      case .activeColumns: .activeColumns
      }
    self.source = source
    self.rowLength = rowLength
  }

  var isComputed: Bool { computed.load(ordering: .acquiring) }

  /// The source of the elements; nil once they are computed.
  var current: Source? { lock.withLock { _ in source } }

  /// Computes the elements into the memory that `allocate` returns, unless they are computed already.
  func compute(into allocate: () -> UnsafeMutablePointer<Float>) {
    lock.withLock { _ in
      guard let source = source.take() else { return }
      source.compute(into: allocate())
      computed.store(true, ordering: .releasing)
    }
  }

  /// Calls `body`, which computes the elements into the memory that `allocate` returns. If they are computed already,
  /// `body` gets nil.
  func compute(
    with body: (UnsafeMutablePointer<Float>?) -> Void, allocate: () -> UnsafeMutablePointer<Float>
  ) {
    lock.withLock { _ in
      guard source != nil else { return body(nil) }
      body(allocate())
      source = nil
      computed.store(true, ordering: .releasing)
    }
  }

  /// Lets one operation join the computation: `body` returns a result that is computed from the source, or nil if it
  /// cannot join.
  ///
  /// Only one operation can join. A second operation gets nil and reads the elements, and the first then uses them too:
  /// a result that is used twice is computed once.
  func join<R>(_ body: (Source) -> R?) -> R? {
    lock.withLock { _ in
      guard !isJoined, let source, let result = body(source) else { return nil }
      isJoined = true
      return result
    }
  }

  /// Whether the elements are computed, or can be computed from an earlier result that is.
  var hasBegun: Bool {
    guard !isComputed, let current else { return true }
    guard case .product(let product) = current else { return false }
    return product.inputIsComputed
  }
}

extension PendingElements.Source {
  fileprivate func compute(into result: UnsafeMutablePointer<Float>) {
    switch self {
    case .product(let product): product.compute(into: result)
    case .activeColumns(let matrix): matrix.scatter(into: result)
    case .repeatedRows(let base, let times):
      let rows = base.contiguous()
      for time in 0..<times { rows.copyElements(to: result + time * rows.count) }
    }
  }
}

extension Storage {
  /// Whether pending elements can stay pending when the storage is viewed as `shape`: the length of the rows does not
  /// change, or the elements are repeated rows.
  func staysPending(as shape: [Int]) -> Bool {
    guard let pending, !pending.isComputed else { return true }
    if pending.kind == .repeatedRows { return true }
    return shape.last == pending.rowLength
  }
}

extension NDArray {
  /// The pending elements of this array. Nil if the elements are computed, or if this array is not the whole storage
  /// with its rows unchanged.
  var pending: PendingElements? {
    guard let pending = storage.pending, !pending.isComputed, isContiguous, offset == 0, count == storage.count,
      shape.last == pending.rowLength
    else { return nil }
    return pending
  }
}
