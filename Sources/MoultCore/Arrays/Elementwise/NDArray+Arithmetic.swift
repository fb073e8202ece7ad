/// Arithmetic of arrays, for pullbacks. Shapes broadcast.
extension NDArray {
  package static func + (a: NDArray, b: NDArray) -> NDArray { zipped(a, b, .add, "add") }
  package static func - (a: NDArray, b: NDArray) -> NDArray { zipped(a, b, .subtract, "subtract") }
  package static func * (a: NDArray, b: NDArray) -> NDArray { zipped(a, b, .multiply, "multiply") }
  package static func / (a: NDArray, b: NDArray) -> NDArray { zipped(a, b, .divide, "divide") }
  package static prefix func - (x: NDArray) -> NDArray { x.mapped(.negate, "negate") }

  package static func + (a: NDArray, b: Double) -> NDArray { a + .full([], b, dtype: a.dtype) }
  package static func - (a: NDArray, b: Double) -> NDArray { a - .full([], b, dtype: a.dtype) }
  package static func - (a: Double, b: NDArray) -> NDArray { .full([], a, dtype: b.dtype) - b }
  package static func * (a: NDArray, b: Double) -> NDArray { a * .full([], b, dtype: a.dtype) }
  package static func * (a: Double, b: NDArray) -> NDArray { .full([], a, dtype: b.dtype) * b }
  package static func / (a: NDArray, b: Double) -> NDArray { a / .full([], b, dtype: a.dtype) }
}
