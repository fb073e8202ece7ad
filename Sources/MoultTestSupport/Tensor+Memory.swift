import MoultCore

/// Access to the memory layout of a tensor, for tests of views.
extension Tensor {
  package var storage: Storage { values.storage }
  package var strides: [Int] { values.strides }
  package var offset: Int { values.offset }
  package var isContiguous: Bool { values.isContiguous }

  package func expandedView(to shape: [Int]) -> Tensor { Tensor(values.broadcast(to: shape)) }
  package func onDistinctRows(_ body: (Tensor) -> Tensor) -> Tensor? {
    values.onDistinctRows { body(Tensor($0)).values }.map { Tensor($0) }
  }
}
