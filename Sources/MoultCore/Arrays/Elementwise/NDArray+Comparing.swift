/// An elementwise comparison of two arrays.
package enum Comparison: Sendable { case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual }

/// An elementwise logical operation on two arrays.
package enum LogicalOperation: Sendable { case and, or }

extension NDArray {
  /// Returns the results of an elementwise comparison as a Bool array. Shapes broadcast; both arrays have one dtype.
  /// NaN is unequal to all numbers, including NaN.
  package static func compared(_ a: NDArray, _ b: NDArray, _ comparison: Comparison, _ operation: String) -> NDArray {
    elementwise(a, b, operation) { x, y, result in
      func run<S: TensorScalar & Comparable>(_ type: S.Type) {
        let p = x.pointer(as: S.self), q = y.pointer(as: S.self)
        switch comparison {
        case .equal: fill(result, x.count) { p[$0] == q[$0] }
        case .notEqual: fill(result, x.count) { p[$0] != q[$0] }
        case .less: fill(result, x.count) { p[$0] < q[$0] }
        case .lessOrEqual: fill(result, x.count) { p[$0] <= q[$0] }
        case .greater: fill(result, x.count) { p[$0] > q[$0] }
        case .greaterOrEqual: fill(result, x.count) { p[$0] >= q[$0] }
        }
      }
      switch x.dtype {
      case .float32: run(Float.self)
      case .float64: run(Double.self)
      case .float16, .bfloat16: x.requireFullPrecision(operation)
      case .int64: run(Int64.self)
      case .int32: run(Int32.self)
      case .uint8, .bool: run(UInt8.self)  // true is stored as 1
      }
    }
  }

  /// Returns the results of an elementwise logical operation as a Bool array. An element counts as true if it is not
  /// zero. Shapes broadcast; both arrays have one dtype.
  package static func logical(
    _ a: NDArray, _ b: NDArray, _ logical: LogicalOperation, _ operation: String
  ) -> NDArray {
    elementwise(a, b, operation) { x, y, result in
      func run<S: TensorScalar & Numeric>(_ type: S.Type) {
        let p = x.pointer(as: S.self), q = y.pointer(as: S.self)
        switch logical {
        case .and: fill(result, x.count) { p[$0] != 0 && q[$0] != 0 }
        case .or: fill(result, x.count) { p[$0] != 0 || q[$0] != 0 }
        }
      }
      switch x.dtype {
      case .float32: run(Float.self)
      case .float64: run(Double.self)
      case .float16, .bfloat16: x.requireFullPrecision(operation)
      case .int64: run(Int64.self)
      case .int32: run(Int32.self)
      case .uint8, .bool: run(UInt8.self)
      }
    }
  }

  /// Returns a Bool array of the broadcast shape whose elements `body` writes.
  ///
  /// - Parameter body: Gets both arrays, broadcast and contiguous, and the memory of the result.
  private static func elementwise(
    _ a: NDArray, _ b: NDArray, _ operation: String,
    _ body: (_ x: NDArray, _ y: NDArray, _ result: UnsafeMutablePointer<Bool>) -> Void
  ) -> NDArray {
    require(
      a.dtype == b.dtype,
      "\(operation): expected two tensors of one type, got \(a.dtype) and \(b.dtype); convert one with cast(to:)")
    guard let shape = Shape.broadcast(a.shape, b.shape) else {
      fatalError("\(operation): \(a.shape) and \(b.shape) do not broadcast together; axes must be equal or 1")
    }
    let result = Storage(count: Shape.count(shape, operation), dtype: .bool)
    let x = a.broadcast(to: shape).contiguous(), y = b.broadcast(to: shape).contiguous()
    body(x, y, result.pointer(as: Bool.self))
    withExtendedLifetime((x, y)) {}
    return NDArray(storage: result, shape: shape)
  }

  @inline(__always)
  private static func fill(_ result: UnsafeMutablePointer<Bool>, _ count: Int, _ value: (Int) -> Bool) {
    parallelFor(count, elements: 1) { range in
      for i in range { result[i] = value(i) }
    }
  }
}
