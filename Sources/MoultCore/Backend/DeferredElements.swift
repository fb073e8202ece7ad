import Synchronization

/// The elements of a tensor that are computed when somebody first looks, so that an elementwise operation that follows
/// can join in while they are still in the cache. The results are the same bits as those of one operation after the other.
class DeferredElements: @unchecked Sendable {
  private let lock = Mutex(())
  private let filled = Atomic<Bool>(false)
  private var isFollowed = false
  /// The length of the result's rows.
  private let width: Int

  init(width: Int) { self.width = width }

  final var isFilled: Bool { filled.load(ordering: .acquiring) }

  /// Whether the result's rows are of this length: a column turned into a row is contiguous too.
  final func isOf(width: Int) -> Bool { width == self.width }

  /// Computes the elements, unless that has been done, into the memory that `allocate` hands to its argument.
  final func fill(_ allocate: ((UnsafeMutablePointer<Float>) -> Void) -> Void) {
    guard !isFilled else { return }
    lock.withLock { _ in
      guard !filled.load(ordering: .relaxed) else { return }
      allocate { compute(into: $0) }
      forget()
      filled.store(true, ordering: .releasing)
    }
  }

  /// Lets one operation join: `body` copies what is to be computed. A second one gets nil and reads the elements, which
  /// then serve both: a result that is used twice is not computed twice.
  final func follow<R>(_ body: () -> R?) -> R? {
    whileOpen {
      guard !isFollowed, let result = body() else { return nil }
      isFollowed = true
      return result
    }
  }

  /// What `body` finds while nobody computes or forgets; nil when that has been done.
  final func whileOpen<R>(_ body: () -> R?) -> R? {
    lock.withLock { _ in filled.load(ordering: .relaxed) ? nil : body() }
  }

  func compute(into result: UnsafeMutablePointer<Float>) { fatalError("DeferredElements: abstract") }

  /// Lets go of what the elements were computed from.
  func forget() { fatalError("DeferredElements: abstract") }
}

extension Tensor {
  /// What will compute this matrix, if it is the whole of a result that nobody has looked at, in that shape.
  func deferred<D: DeferredElements>(as type: D.Type) -> D? {
    guard let deferred = storage.deferred as? D, !deferred.isFilled, isContiguous, offset == 0, rank == 2,
      count == storage.count, deferred.isOf(width: shape[1])
    else { return nil }
    return deferred
  }
}
