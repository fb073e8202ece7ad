extension NDArray {
  /// Returns the elements of `a` where `condition` is true and those of `b` elsewhere; shapes broadcast. An element
  /// that is not selected has no effect, even if it is NaN.
  package static func selected(
    _ condition: NDArray, _ a: NDArray, _ b: NDArray, _ operation: String
  ) -> NDArray {
    guard let values = Shape.broadcast(a.shape, b.shape), let shape = Shape.broadcast(condition.shape, values) else {
      fatalError(
        "\(operation): \(condition.shape), \(a.shape) and \(b.shape) do not broadcast together; axes must be equal or 1"
      )
    }
    let condition = condition.broadcast(to: shape).contiguous()
    let (a, b) = (a.broadcast(to: shape).contiguous(), b.broadcast(to: shape).contiguous())
    let result = Storage(count: a.count, dtype: a.dtype)
    func select<S: TensorScalar>(_ type: S.Type) {
      let flags = condition.pointer(as: Bool.self)
      let (p, q, selected) = (a.pointer(as: S.self), b.pointer(as: S.self), result.pointer(as: S.self))
      parallelFor(result.count, elements: 1) { range in
        for i in range {
          let (x, y) = (p[i], q[i])  // Reading both lets the compiler select without a branch.
          selected[i] = flags[i] ? x : y
        }
      }
    }
    a.dtype.withScalarType { select($0) }
    withExtendedLifetime((condition, a, b)) {}
    return NDArray(storage: result, shape: shape)
  }
}
