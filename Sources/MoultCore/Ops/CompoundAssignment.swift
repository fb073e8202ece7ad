/// Compound assignment. A tensor never changes: the variable gets a new one, which has the history of both operands.
extension Tensor {
  /// Adds `b`, of a shape that broadcasts, and stores the sum in `a`.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Adds a number to each element and stores the sum in `a`.
  public static func += (a: inout Tensor, b: Double) { a = a + b }
  /// Subtracts `b`, of a shape that broadcasts, and stores the difference in `a`.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Subtracts a number from each element and stores the difference in `a`.
  public static func -= (a: inout Tensor, b: Double) { a = a - b }
  /// Multiplies by `b`, of a shape that broadcasts, and stores the product in `a`.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Multiplies each element by a number and stores the product in `a`.
  public static func *= (a: inout Tensor, b: Double) { a = a * b }
  /// Divides by `b`, of a shape that broadcasts, and stores the quotient in `a`.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
  /// Divides each element by a number and stores the quotient in `a`.
  public static func /= (a: inout Tensor, b: Double) { a = a / b }
}
