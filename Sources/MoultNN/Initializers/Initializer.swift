import MoultCore

/// A rule that computes the initial values of a parameter.
///
/// An initializer is a pure function of the shape, the type and a source of random numbers. Every new parameter has its
/// own source, so the same program with the same seed makes the same weights.
public protocol Initializer: Sendable {
  /// Returns the initial values of one parameter.
  ///
  /// - Parameters:
  ///   - shape: The shape of the parameter; `[out, in, ...]` for weights.
  ///   - dtype: The type of the parameter, a floating-point type.
  ///   - source: The random numbers of the parameter.
  /// - Returns: A tensor of that shape and type.
  func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor
}

extension Parameter {
  /// Makes a parameter whose initial values are drawn under the current seed.
  ///
  /// - Parameters:
  ///   - shape: The shape; `[out, in, ...]` for weights.
  ///   - initializer: The rule that computes the initial values.
  ///   - constraint: The constraint that is applied to the values after every optimizer step; nil for none.
  ///   - dtype: The type, a floating-point type.
  public convenience init(
    _ shape: [Int], initializer: any Initializer, constraint: (any ParameterConstraint)? = nil,
    dtype: DType = .float32
  ) {
    require(
      dtype.supportsGradients,
      "Parameter: expected a floating-point type, got \(dtype); only float32 and float64 have gradients")
    let value = initializer(shape, dtype: dtype, from: RandomSource(nextInitializationStream()))
    require(value.shape == shape, "Initializer: expected a tensor of shape \(shape), got \(value.shape)")
    self.init(value, constraint: constraint)
  }
}

/// The number of inputs (`input`) and outputs (`output`) of a unit, computed from the shape of the weights.
struct Fan {
  let input, output: Int

  /// Computes both numbers from a shape `[out, in, ...]`.
  ///
  /// The further axes, such as those of a kernel, multiply both numbers. A rank below 2 stops the program.
  init(_ shape: [Int]) {
    require(shape.count >= 2, "Initializer: expected weights [out, in, ...], got \(shape); use .uniform or .normal")
    let kernel = shape.dropFirst(2).reduce(1, *)
    input = shape[1] * kernel
    output = shape[0] * kernel
  }
}
