extension NDArray {
  /// Applies `kernel` to each element; the dtype must be floating-point.
  package func mapped(_ kernel: UnaryKernel, _ operation: StaticString) -> NDArray {
    requireFloatingPoint("\(operation)")
    if let y = onDistinctRows({ $0.mapped(kernel, operation) }) { return y }
    if let y = inMemoryOrder({ $0.mapped(kernel, operation) }) { return y }
    let x = contiguous()
    let result = Storage(count: x.count, dtype: dtype)
    if dtype == .float32 {
      x.map(kernel.f32, into: result.pointer(as: Float.self))
    } else {
      x.map(kernel.f64, into: result.pointer(as: Double.self))
    }
    withExtendedLifetime(x) {}
    return NDArray(storage: result, shape: shape)
  }

  /// Writes the result of `kernel` for each element of this contiguous array to `result`.
  func map<S: TensorScalar>(
    _ kernel: (Int, UnsafePointer<S>?, UnsafeMutablePointer<S>?) -> Void, into result: UnsafeMutablePointer<S>
  ) {
    let x = pointer(as: S.self)
    parallelFor(count, elements: 1) { range in
      kernel(range.count, x + range.lowerBound, result + range.lowerBound)
    }
  }

  /// Applies `kernel` to each pair of elements of two arrays of one dtype whose shapes broadcast.
  package static func zipped(_ a: NDArray, _ b: NDArray, _ kernel: BinaryKernel, _ operation: StaticString) -> NDArray {
    if !a.dtype.isFloatingPoint, !b.dtype.isFloatingPoint, let integers = kernel.integers {
      return zippedIntegers(a, b, integers, "\(operation)")
    }
    a.requireFloatingPoint("\(operation)")
    require(
      a.dtype == b.dtype,
      "\(operation): expected two tensors of one type, got \(a.dtype) and \(b.dtype); convert one with cast(to:)")
    guard let shape = Shape.broadcast(a.shape, b.shape) else {
      fatalError(
        "\(operation): \(a.shape) and \(b.shape) do not broadcast together; axes must be equal or 1, counted from the last"
      )
    }
    // An operand with fewer axes is the same for every row, so repeated rows of the other operand are computed once.
    if b.rank < a.rank, let y = a.onDistinctRows({ zipped($0, b, kernel, operation) }) { return y }
    if a.rank < b.rank, let y = b.onDistinctRows({ zipped(a, $0, kernel, operation) }) { return y }
    if let order = (a.shape == shape ? a : b.shape == shape ? b : nil)?.memoryOrder {
      let second = b.broadcast(to: shape).permuted(order)
      return a.broadcast(to: shape).withAxes(order) { zippedContiguously($0, second, $0.shape, kernel, operation) }
    }
    return zippedContiguously(a, b, shape, kernel, operation)
  }

  /// Returns `kernel` of each pair of elements of two arrays that broadcast to `shape`, in row-major order.
  private static func zippedContiguously(
    _ a: NDArray, _ b: NDArray, _ shape: [Int], _ kernel: BinaryKernel, _ operation: StaticString
  ) -> NDArray {
    let result = Storage(count: Shape.count(shape, "\(operation)"), dtype: a.dtype)
    if a.dtype == .float32 {
      zip(a, b, shape, result.pointer(as: Float.self), kernel.f32)
    } else {
      zip(a, b, shape, result.pointer(as: Double.self), kernel.f64)
    }
    return NDArray(storage: result, shape: shape)
  }

  private static func zip<S: TensorScalar>(
    _ a: NDArray, _ b: NDArray, _ shape: [Int], _ out: UnsafeMutablePointer<S>,
    _ kernel: (Int, UnsafePointer<S>?, Int, UnsafePointer<S>?, Int, UnsafeMutablePointer<S>?) -> Void
  ) {
    let count = shape.reduce(1, *)
    guard count > 0 else { return }
    let oneA = a.isOneNumber, oneB = b.isOneNumber
    if (oneA || a.shape == shape && a.isContiguous) && (oneB || b.shape == shape && b.isContiguous) {
      let stepA = oneA ? 0 : 1, stepB = oneB ? 0 : 1
      let p = a.pointer(as: S.self), q = b.pointer(as: S.self)
      parallelFor(count, elements: 1) { range in
        let i = range.lowerBound
        kernel(range.count, p + i * stepA, stepA, q + i * stepB, stepB, out + i)
      }
      withExtendedLifetime((a, b)) {}
      return
    }
    let x = a.broadcast(to: shape).withUnitLastStride(), y = b.broadcast(to: shape).withUnitLastStride()
    let inner = shape[shape.count - 1], (stridesX, stridesY) = (x.strides, y.strides)
    let stepA = stridesX[shape.count - 1], stepB = stridesY[shape.count - 1]
    let p = x.pointer(as: S.self), q = y.pointer(as: S.self)
    parallelFor(count / inner, elements: inner) { rows in
      var at = out + rows.lowerBound * inner
      Strided.forEachRow(rows, shape: shape, stridesX, stridesY) { i, j in
        kernel(inner, p + i, stepA, q + j, stepB, at)
        at += inner
      }
    }
    withExtendedLifetime((x, y)) {}
  }

  /// Whether all elements are the same element in memory, as in a broadcast scalar.
  private var isOneNumber: Bool {
    count == 1 || !isContiguous && Swift.zip(shape, strides).allSatisfy { $0 == 1 || $1 == 0 }
  }

  /// Returns this array with a stride of 0 or 1 along the last axis; copies it only if the stride is another one.
  private func withUnitLastStride() -> NDArray {
    guard rank > 0, shape[rank - 1] != 1 else {
      return NDArray(
        storage: storage, shape: shape, strides: strides.dropLast() + (rank > 0 ? [1] : []), offset: offset)
    }
    return (0...1).contains(strides[rank - 1]) ? self : contiguous()
  }
}
