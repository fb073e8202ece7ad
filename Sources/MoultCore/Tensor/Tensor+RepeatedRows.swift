extension Tensor {
  /// The numbers of this tensor `times` over along axis 0, without a history, computed once where operations allow it.
  package func repeatedRows(_ times: Int) -> Tensor { Tensor(values.repeatedRows(times)) }
}
