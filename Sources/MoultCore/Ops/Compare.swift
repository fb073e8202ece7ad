extension Tensor {
  /// Returns whether elements are equal, as a Bool tensor. Shapes broadcast; both tensors have one dtype. NaN is
  /// unequal to all numbers, including NaN. Comparisons have no gradient.
  public static func .== (a: Tensor, b: Tensor) -> Tensor {
    NDArray.compared(a.values, b.values, .equal, "==").withoutHistory("equal", from: [a, b])
  }
  /// Returns whether elements differ, as a Bool tensor; otherwise like `.==`.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor {
    NDArray.compared(a.values, b.values, .notEqual, "!=").withoutHistory("notEqual", from: [a, b])
  }
  /// Returns whether elements of `a` are smaller than those of `b`, as a Bool tensor; otherwise like `.==`.
  public static func .< (a: Tensor, b: Tensor) -> Tensor {
    NDArray.compared(a.values, b.values, .less, "<").withoutHistory("less", from: [a, b])
  }
  /// Returns whether elements of `a` are smaller than or equal to those of `b`, as a Bool tensor; otherwise like `.==`.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor {
    NDArray.compared(a.values, b.values, .lessOrEqual, "<=").withoutHistory("lessOrEqual", from: [a, b])
  }
  /// Returns whether elements of `a` are larger than those of `b`, as a Bool tensor; otherwise like `.==`.
  public static func .> (a: Tensor, b: Tensor) -> Tensor {
    NDArray.compared(a.values, b.values, .greater, ">").withoutHistory("greater", from: [a, b])
  }
  /// Returns whether elements of `a` are larger than or equal to those of `b`, as a Bool tensor; otherwise like `.==`.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor {
    NDArray.compared(a.values, b.values, .greaterOrEqual, ">=").withoutHistory("greaterOrEqual", from: [a, b])
  }

  /// Returns whether elements equal a number, as a Bool tensor.
  ///
  /// The number is converted to the dtype of a floating-point tensor. An integer tensor is compared in Float64, which
  /// is exact up to 2^53, so that `labels .< 2.5` and `bytes .< 300` give the mathematical result.
  public static func .== (a: Tensor, b: Double) -> Tensor { a.besideNumbers .== a.number(b) }
  /// Returns whether elements differ from a number, as a Bool tensor; the number is compared as by `.==`.
  public static func .!= (a: Tensor, b: Double) -> Tensor { a.besideNumbers .!= a.number(b) }
  /// Returns whether elements are smaller than a number, as a Bool tensor; the number is compared as by `.==`.
  public static func .< (a: Tensor, b: Double) -> Tensor { a.besideNumbers .< a.number(b) }
  /// Returns whether elements are at most a number, as a Bool tensor; the number is compared as by `.==`.
  public static func .<= (a: Tensor, b: Double) -> Tensor { a.besideNumbers .<= a.number(b) }
  /// Returns whether elements are larger than a number, as a Bool tensor; the number is compared as by `.==`.
  public static func .> (a: Tensor, b: Double) -> Tensor { a.besideNumbers .> a.number(b) }
  /// Returns whether elements are at least a number, as a Bool tensor; the number is compared as by `.==`.
  public static func .>= (a: Tensor, b: Double) -> Tensor { a.besideNumbers .>= a.number(b) }

  /// Returns whether a number equals elements, as a Bool tensor; the number is compared as by `tensor .== number`.
  public static func .== (a: Double, b: Tensor) -> Tensor { b .== a }
  /// Returns whether a number differs from elements, as a Bool tensor.
  public static func .!= (a: Double, b: Tensor) -> Tensor { b .!= a }
  /// Returns whether a number is smaller than elements, as a Bool tensor.
  public static func .< (a: Double, b: Tensor) -> Tensor { b .> a }
  /// Returns whether a number is at most elements, as a Bool tensor.
  public static func .<= (a: Double, b: Tensor) -> Tensor { b .>= a }
  /// Returns whether a number is larger than elements, as a Bool tensor.
  public static func .> (a: Double, b: Tensor) -> Tensor { b .< a }
  /// Returns whether a number is at least elements, as a Bool tensor.
  public static func .>= (a: Double, b: Tensor) -> Tensor { b .<= a }

  private var besideNumbers: Tensor { dtype.supportsGradients ? self : cast(to: .float64) }
  private func number(_ value: Double) -> Tensor { .full([], value, dtype: besideNumbers.dtype) }
}
