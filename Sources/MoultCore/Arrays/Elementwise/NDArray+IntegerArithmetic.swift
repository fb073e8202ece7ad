/// An elementwise operation on integers. Results that do not fit the dtype wrap around.
package enum IntegerOperation: Sendable {
  case add, subtract, multiply, minimum, maximum
}

extension NDArray {
  /// Applies `operation` to each pair of elements of two arrays of one integer dtype whose shapes broadcast.
  static func zippedIntegers(
    _ a: NDArray, _ b: NDArray, _ operation: IntegerOperation, _ name: String
  ) -> NDArray {
    require(
      a.dtype == b.dtype && a.dtype != .bool && !a.dtype.isFloatingPoint,
      "\(name): expected two tensors of one integer type, got \(a.dtype) and \(b.dtype); convert one with cast(to:)")
    guard let shape = Shape.broadcast(a.shape, b.shape) else {
      fatalError("\(name): \(a.shape) and \(b.shape) do not broadcast together; axes must be equal or 1")
    }
    let count = Shape.count(shape, name)
    let x = a.broadcast(to: shape).contiguous(), y = b.broadcast(to: shape).contiguous()
    let result = Storage(count: count, dtype: a.dtype)
    func run<S: TensorScalar & FixedWidthInteger>(_ type: S.Type) {
      let p = x.pointer(as: S.self), q = y.pointer(as: S.self), out = result.pointer(as: S.self)
      parallelFor(result.count, elements: 1) { range in
        switch operation {
        case .add: for i in range { out[i] = p[i] &+ q[i] }
        case .subtract: for i in range { out[i] = p[i] &- q[i] }
        case .multiply: for i in range { out[i] = p[i] &* q[i] }
        case .minimum: for i in range { out[i] = Swift.min(p[i], q[i]) }
        case .maximum: for i in range { out[i] = Swift.max(p[i], q[i]) }
        }
      }
    }
    switch a.dtype {
    case .int64: run(Int64.self)
    case .int32: run(Int32.self)
    default: run(UInt8.self)
    }
    withExtendedLifetime((x, y)) {}
    return NDArray(storage: result, shape: shape)
  }
}
