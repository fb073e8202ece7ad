infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence
prefix operator .!

extension Tensor {
  /// Returns whether both elements are true, as a Bool tensor. A number counts as true if it is not zero. Shapes
  /// broadcast; both tensors have one dtype.
  public static func .& (a: Tensor, b: Tensor) -> Tensor {
    NDArray.logical(a.values, b.values, .and, "&").withoutHistory("and", from: [a, b])
  }

  /// Returns whether at least one of both elements is true, as a Bool tensor. A number counts as true if it is not
  /// zero. Shapes broadcast; both tensors have one dtype.
  public static func .| (a: Tensor, b: Tensor) -> Tensor {
    NDArray.logical(a.values, b.values, .or, "|").withoutHistory("or", from: [a, b])
  }

  /// Returns whether each element is false, that is zero, as a Bool tensor.
  public static prefix func .! (a: Tensor) -> Tensor {
    NDArray.compared(a.values, .zeros([], dtype: a.dtype), .equal, "!").withoutHistory("not", from: [a])
  }
}
