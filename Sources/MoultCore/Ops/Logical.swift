infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence
prefix operator .!

extension Tensor {
  /// Returns whether both elements are true, as a Bool tensor. A number counts as true if it is not zero. Shapes
  /// broadcast; both tensors have one dtype.
  public static func .& (a: Tensor, b: Tensor) -> Tensor {
    Tensor(NDArray.logical(a.values, b.values, .and, "&"))
  }

  /// Returns whether at least one of both elements is true, as a Bool tensor. A number counts as true if it is not
  /// zero. Shapes broadcast; both tensors have one dtype.
  public static func .| (a: Tensor, b: Tensor) -> Tensor {
    Tensor(NDArray.logical(a.values, b.values, .or, "|"))
  }

  /// Returns whether each element is false, that is zero, as a Bool tensor.
  public static prefix func .! (a: Tensor) -> Tensor {
    Tensor(NDArray.compared(a.values, .zeros([], dtype: a.dtype), .equal, "!"))
  }
}
