infix operator .& : LogicalConjunctionPrecedence

extension Tensor {
  /// Whether elements are equal, as a tensor of truth values; shapes broadcast. Comparisons carry no gradient.
  public static func .== (a: Tensor, b: Tensor) -> Tensor {
    compared(a, b, "==") {
      $0 == $1
    } integer: {
      $0 == $1
    }
  }
  /// Whether elements differ.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor {
    compared(a, b, "!=") {
      $0 != $1
    } integer: {
      $0 != $1
    }
  }
  /// Whether elements of `a` are smaller.
  public static func .< (a: Tensor, b: Tensor) -> Tensor {
    compared(a, b, "<") {
      $0 < $1
    } integer: {
      $0 < $1
    }
  }
  /// Whether elements of `a` are smaller or equal.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor {
    compared(a, b, "<=") {
      $0 <= $1
    } integer: {
      $0 <= $1
    }
  }
  /// Whether elements of `a` are larger.
  public static func .> (a: Tensor, b: Tensor) -> Tensor {
    compared(a, b, ">") {
      $0 > $1
    } integer: {
      $0 > $1
    }
  }
  /// Whether elements of `a` are larger or equal.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor {
    compared(a, b, ">=") {
      $0 >= $1
    } integer: {
      $0 >= $1
    }
  }

  /// Whether elements equal a number. A number takes the type of a floating-point tensor; integers are compared as they are
  /// (up to 2^53 exactly), so `labels .< 2.5` and `bytes .< 300` mean what they say.
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

  /// Whether both are true, of two tensors of truth values.
  public static func .& (a: Tensor, b: Tensor) -> Tensor {
    compared(a, b, "&") {
      $0 != 0 && $1 != 0
    } integer: {
      $0 != 0 && $1 != 0
    }
  }

  private var besideNumbers: Tensor { dtype.isFloatingPoint ? self : cast(to: .float64) }
  private func number(_ value: Double) -> Tensor { .full([], value, dtype: dtype.isFloatingPoint ? dtype : .float64) }

  private static func compared(
    _ a: Tensor, _ b: Tensor, _ operation: String, float: (Double, Double) -> Bool, integer: (Int64, Int64) -> Bool
  ) -> Tensor {
    require(
      a.dtype == b.dtype,
      "\(operation): expected two tensors of one type, got \(a.dtype) and \(b.dtype); convert one with cast(to:)")
    guard let shape = Shape.broadcast(a.shape, b.shape) else {
      fatalError("\(operation): \(a.shape) and \(b.shape) do not broadcast together; axes must be equal or 1")
    }
    let x = a.expandedView(to: shape).contiguous(), y = b.expandedView(to: shape).contiguous()
    func compare<S: TensorScalar>(_ type: S.Type) -> [Bool] {
      let p = x.pointer(as: S.self), q = y.pointer(as: S.self)
      return a.dtype.isFloatingPoint
        ? (0..<x.count).map { float(p[$0].asDouble, q[$0].asDouble) }
        : (0..<x.count).map { integer(p[$0].asInt64, q[$0].asInt64) }
    }
    return Tensor(a.dtype.withScalarType { compare($0) }, shape: shape)
  }
}
