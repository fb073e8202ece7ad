extension Tensor {
  /// Returns the negative of each element.
  ///
  ///     y[i] = -x[i],   dx = -dy
  ///
  /// - Complexity: O(*n*).
  public static prefix func - (x: Tensor) -> Tensor {
    (-x.values).recorded("negate", from: x) { -$0 }
  }
}
