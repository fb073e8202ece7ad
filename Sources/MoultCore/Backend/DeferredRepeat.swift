/// Rows that repeat: a tall batch whose passes are all the same, of which only one is computed.
///
/// Operations that treat each row by itself take it apart with ``Tensor/onDistinctRows(_:)``, work on one copy and repeat
/// their result. Whoever looks at the elements gets all of them.
final class DeferredRepeat: DeferredElements, @unchecked Sendable {
  private var base: Tensor?
  let times: Int

  private init(_ base: Tensor, times: Int) {
    self.base = base
    self.times = times
    super.init(width: base.shape.last ?? 1)
  }

  /// `base`, Float32, `times` over along axis 0.
  static func tensor(of base: Tensor, times: Int) -> Tensor {
    Tensor(
      storage: Storage(count: base.count * times, deferred: DeferredRepeat(base, times: times)),
      shape: [base.shape[0] * times] + base.shape.dropFirst())
  }

  /// What is repeated, if nobody has looked at the whole.
  var distinct: Tensor? { whileOpen { base } }

  override func compute(into result: UnsafeMutablePointer<Float>) {
    guard let rows = base?.contiguous() else { return }
    for time in 0..<times { rows.copyElements(to: result + time * rows.count) }
  }

  override func forget() { base = nil }
}

extension Tensor {
  /// This tensor `times` over along axis 0, computed once where operations allow it.
  package func repeatedRows(_ times: Int) -> Tensor {
    dtype == .float32 && rank > 0
      ? DeferredRepeat.tensor(of: detached(), times: times)
      : concatenate(Array(repeating: detached(), count: times), axis: 0)
  }

  /// What is repeated `times` along axis 0 here, if it is known.
  func distinctRows(repeatedTimes times: Int? = nil) -> Tensor? {
    guard let repeated = storage.deferred as? DeferredRepeat, isContiguous, rank > 0, count == storage.count,
      shape[0] % repeated.times == 0, repeated.times == times ?? repeated.times, let base = repeated.distinct
    else { return nil }
    return base.reshaped([shape[0] / repeated.times] + shape.dropFirst())
  }

  /// `body` of one copy of rows that repeat, repeated; nil if these do not.
  ///
  /// - Parameter body: treats each row by itself, in Float32.
  package func onDistinctRows(_ body: (Tensor) -> Tensor) -> Tensor? {
    guard !gradientsEnabled, node == nil, let base = distinctRows(), let repeated = storage.deferred as? DeferredRepeat
    else { return nil }
    return DeferredRepeat.tensor(of: body(base), times: repeated.times)
  }
}
