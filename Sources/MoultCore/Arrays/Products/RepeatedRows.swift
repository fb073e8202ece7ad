/// Rows that repeat: a batch of several passes that are equal so far, of which one is computed.
///
/// Operations that treat each row by itself work on one copy and repeat their result.
extension NDArray {
  /// This array `times` over along axis 0, computed once where operations allow it.
  package func repeatedRows(_ times: Int) -> NDArray {
    guard dtype == .float32, rank > 0 else { return .concatenated(Array(repeating: self, count: times), axis: 0) }
    let pending = PendingElements(.repeatedRows(self, times: times), rowLength: shape.last ?? 1)
    return NDArray(
      storage: Storage(count: count * times, pending: pending), shape: [shape[0] * times] + shape.dropFirst())
  }

  /// The rows that repeat and how often, if all rows are known to.
  var repetition: (base: NDArray, times: Int)? {
    guard isContiguous, rank > 0, count == storage.count, let pending = storage.pending, !pending.isComputed,
      pending.kind == .repeatedRows, case .repeatedRows(let base, let times) = pending.current, shape[0] % times == 0
    else { return nil }
    return (base.reshaped([shape[0] / times] + shape.dropFirst()), times)
  }

  /// `body` of one copy of rows that repeat, repeated; nil if these do not. `body` treats each row by itself, in
  /// Float32.
  package func onDistinctRows(_ body: (NDArray) -> NDArray) -> NDArray? {
    guard let (base, times) = repetition else { return nil }
    return body(base).repeatedRows(times)
  }
}
