import Synchronization

/// The elements of a storage that are computed when they are first read, so that an operation that follows can join the
/// computation while they are in the cache. The results are the same bits as those of one operation after the other.
final class PendingElements: @unchecked Sendable {
  /// What the elements are computed from.
  enum Source: Sendable {
    /// A product and the steps that joined it.
    case product(PendingProduct)
    /// The rows of an array, `times` over.
    case repeatedRows(NDArray, times: Int)
    /// A matrix whose other columns are zero.
    case activeColumns(CompactMatrix)
  }

  /// The case of a source, which can be asked for without the lock.
  enum Kind: Sendable { case product, repeatedRows, activeColumns }

  let kind: Kind
  private let lock = Mutex(())
  private let computed = Atomic<Bool>(false)
  private var source: Source?
  private var isJoined = false
  /// The length of the rows of the result.
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

  /// The source; nil once the elements are computed.
  var current: Source? { lock.withLock { _ in source } }

  /// Computes the elements into the memory that `allocate` returns, unless that is done.
  func compute(into allocate: () -> UnsafeMutablePointer<Float>) {
    lock.withLock { _ in
      guard let source = source.take() else { return }
      source.compute(into: allocate())
      computed.store(true, ordering: .releasing)
    }
  }

  /// Lets `body` compute the elements into the memory that `allocate` returns; if that is done, `body` gets nil.
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

  /// Lets one operation join: `body` returns a result that is computed from the source. A second operation gets nil and
  /// reads the elements, which then serve both: a result that is used twice is computed once.
  func join<R>(_ body: (Source) -> R?) -> R? {
    lock.withLock { _ in
      guard !isJoined, let source, let result = body(source) else { return nil }
      isJoined = true
      return result
    }
  }

  /// Whether the elements, or earlier results that they can be computed from, are computed.
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
  /// Whether pending elements may stay so when the storage is viewed as `shape`: rows keep their length, or repeat.
  func staysPending(as shape: [Int]) -> Bool {
    guard let pending, !pending.isComputed else { return true }
    if pending.kind == .repeatedRows { return true }
    return shape.last == pending.rowLength
  }
}

extension NDArray {
  /// The pending elements of this array, if it is the whole of a result that was not read yet, with its rows as they
  /// are.
  var pending: PendingElements? {
    guard let pending = storage.pending, !pending.isComputed, isContiguous, offset == 0, count == storage.count,
      shape.last == pending.rowLength
    else { return nil }
    return pending
  }
}
