extension Tensor {
  /// Returns this tensor repeated `times` times along axis 0, without gradient history. Following operations that treat
  /// each row on its own work on one copy.
  package func repeatedRows(_ times: Int) -> Tensor { Tensor(values.repeatedRows(times)) }
}
