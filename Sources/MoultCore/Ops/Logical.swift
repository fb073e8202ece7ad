infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence
prefix operator .!

extension Tensor {
  /// Whether both are true; a number is true if it is not zero. Shapes broadcast.
  public static func .& (a: Tensor, b: Tensor) -> Tensor {
    Tensor(NDArray.logical(a.values, b.values, .and, "&"))
  }

  /// Whether at least one is true; a number is true if it is not zero. Shapes broadcast.
  public static func .| (a: Tensor, b: Tensor) -> Tensor {
    Tensor(NDArray.logical(a.values, b.values, .or, "|"))
  }

  /// Whether an element is false, that is zero.
  public static prefix func .! (a: Tensor) -> Tensor {
    Tensor(NDArray.compared(a.values, .zeros([], dtype: a.dtype), .equal, "!"))
  }
}
