/// Elementwise arithmetic. Shapes broadcast; a number is converted to the array's dtype.
extension NDArray {
  package static func + (a: NDArray, b: NDArray) -> NDArray { zipped(a, b, .add, "add") }
  package static func - (a: NDArray, b: NDArray) -> NDArray { zipped(a, b, .subtract, "subtract") }
  package static func * (a: NDArray, b: NDArray) -> NDArray { zipped(a, b, .multiply, "multiply") }
  package static func / (a: NDArray, b: NDArray) -> NDArray { zipped(a, b, .divide, "divide") }
  package static prefix func - (x: NDArray) -> NDArray { x.mapped(.negate, "negate") }

  package static func + (a: NDArray, b: Double) -> NDArray { a.zipped(with: b, .add, "add") }
  package static func + (a: Double, b: NDArray) -> NDArray { b.zipped(with: a, isFirst: true, .add, "add") }
  package static func - (a: NDArray, b: Double) -> NDArray { a.zipped(with: b, .subtract, "subtract") }
  package static func - (a: Double, b: NDArray) -> NDArray { b.zipped(with: a, isFirst: true, .subtract, "subtract") }
  package static func * (a: NDArray, b: Double) -> NDArray { a.zipped(with: b, .multiply, "multiply") }
  package static func * (a: Double, b: NDArray) -> NDArray { b.zipped(with: a, isFirst: true, .multiply, "multiply") }
  package static func / (a: NDArray, b: Double) -> NDArray { a.zipped(with: b, .divide, "divide") }
  package static func / (a: Double, b: NDArray) -> NDArray { b.zipped(with: a, isFirst: true, .divide, "divide") }

  /// Returns `number` as an array of rank 0, converted to this array's dtype. Stops the program if an integer dtype
  /// cannot hold it.
  package func number(_ number: Double, _ operation: StaticString) -> NDArray {
    let operand = NDArray.full([], number, dtype: dtype)
    require(
      dtype.isFloatingPoint || operand.scalars(as: Double.self) == [number],
      "\(operation): \(number) is not a number of type \(dtype); convert the tensor with cast(to:)")
    return operand
  }

  /// Applies `kernel` to each element and `number`.
  ///
  /// - Parameter isFirst: Whether `number` is the first argument of `kernel`.
  private func zipped(
    with number: Double, isFirst: Bool = false, _ kernel: BinaryKernel, _ operation: StaticString
  ) -> NDArray {
    requireFullPrecision("\(operation)")
    guard dtype.isFloatingPoint else {
      let operand = self.number(number, operation)
      return isFirst ? .zipped(operand, self, kernel, operation) : .zipped(self, operand, kernel, operation)
    }
    if let y = onDistinctRows({ $0.zipped(with: number, isFirst: isFirst, kernel, operation) }) { return y }
    if let y = inMemoryOrder({ $0.zipped(with: number, isFirst: isFirst, kernel, operation) }) { return y }
    let x = contiguous(), result = Storage(count: x.count, dtype: dtype)
    func run<S: TensorScalar>(
      _ number: S, _ kernel: (Int, UnsafePointer<S>?, Int, UnsafePointer<S>?, Int, UnsafeMutablePointer<S>?) -> Void
    ) {
      let from = x.pointer(as: S.self), to = result.pointer(as: S.self)
      withUnsafePointer(to: number) { number in
        parallelFor(result.count, elements: 1) { range in
          let i = range.lowerBound
          if isFirst {
            kernel(range.count, number, 0, from + i, 1, to + i)
          } else {
            kernel(range.count, from + i, 1, number, 0, to + i)
          }
        }
      }
    }
    if dtype == .float32 { run(Float(number), kernel.f32) } else { run(number, kernel.f64) }
    withExtendedLifetime(x) {}
    return NDArray(storage: result, shape: shape)
  }
}
