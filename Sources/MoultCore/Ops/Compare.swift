extension Tensor {
  /// Whether elements are equal, as a tensor of truth values; shapes broadcast. Comparisons carry no gradient.
  public static func .== (a: Tensor, b: Tensor) -> Tensor {
    Tensor(NDArray.compared(a.values, b.values, .equal, "=="))
  }
  /// Whether elements differ.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor {
    Tensor(NDArray.compared(a.values, b.values, .notEqual, "!="))
  }
  /// Whether elements of `a` are smaller.
  public static func .< (a: Tensor, b: Tensor) -> Tensor {
    Tensor(NDArray.compared(a.values, b.values, .less, "<"))
  }
  /// Whether elements of `a` are smaller or equal.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor {
    Tensor(NDArray.compared(a.values, b.values, .lessOrEqual, "<="))
  }
  /// Whether elements of `a` are larger.
  public static func .> (a: Tensor, b: Tensor) -> Tensor {
    Tensor(NDArray.compared(a.values, b.values, .greater, ">"))
  }
  /// Whether elements of `a` are larger or equal.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor {
    Tensor(NDArray.compared(a.values, b.values, .greaterOrEqual, ">="))
  }

  /// Whether elements equal a number. A number takes the type of a floating-point tensor; integers are compared as they
  /// are (up to 2^53 exactly), so `labels .< 2.5` and `bytes .< 300` mean what they say.
  public static func .== (a: Tensor, b: Double) -> Tensor { a.besideNumbers .== a.number(b) }
  /// Whether elements differ from a number.
  public static func .!= (a: Tensor, b: Double) -> Tensor { a.besideNumbers .!= a.number(b) }
  /// Whether elements are smaller than a number.
  public static func .< (a: Tensor, b: Double) -> Tensor { a.besideNumbers .< a.number(b) }
  /// Whether elements are at most a number.
  public static func .<= (a: Tensor, b: Double) -> Tensor { a.besideNumbers .<= a.number(b) }
  /// Whether elements are larger than a number.
  public static func .> (a: Tensor, b: Double) -> Tensor { a.besideNumbers .> a.number(b) }
  /// Whether elements are at least a number.
  public static func .>= (a: Tensor, b: Double) -> Tensor { a.besideNumbers .>= a.number(b) }

  private var besideNumbers: Tensor { dtype.isFloatingPoint ? self : cast(to: .float64) }
  private func number(_ value: Double) -> Tensor { .full([], value, dtype: dtype.isFloatingPoint ? dtype : .float64) }
}
