/// Repeated rows: a batch of several passes whose rows are still the same in all passes.
///
/// Operations that treat each row on its own work on one copy of the rows and repeat the result.
extension NDArray {
  /// Returns this array repeated `times` times along axis 0. Following operations that treat each row on its own work
  /// on one copy.
  package func repeatedRows(_ times: Int) -> NDArray {
    guard dtype == .float32, rank > 0 else { return .concatenated(Array(repeating: self, count: times), axis: 0) }
    let pending = PendingElements(.repeatedRows(self, times: times), rowLength: shape.last ?? 1)
    return NDArray(
      storage: Storage(count: count * times, pending: pending), shape: [shape[0] * times] + shape.dropFirst())
  }

  /// One copy of the rows and the number of repetitions; nil if this array is not known to be repeated rows.
  var repetition: (base: NDArray, times: Int)? {
    guard isContiguous, rank > 0, count == storage.count, let pending = storage.pending, !pending.isComputed,
      pending.kind == .repeatedRows, case .repeatedRows(let base, let times) = pending.current, shape[0] % times == 0
    else { return nil }
    return (base.reshaped([shape[0] / times] + shape.dropFirst()), times)
  }

  /// Applies `body` to one copy of the rows and repeats its result; nil if this array is not known to be repeated rows.
  ///
  /// - Parameter body: A Float32 operation that treats each row on its own.
  package func onDistinctRows(_ body: (NDArray) -> NDArray) -> NDArray? {
    guard let (base, times) = repetition else { return nil }
    return body(base).repeatedRows(times)
  }
}
