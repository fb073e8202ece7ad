import MoultCore

/// A rule by which a new parameter gets its values.
///
/// An initializer is a pure function of the shape and of a source of random numbers, and every new parameter has a
/// source of its own; so the same program under the same seed makes the same weights.
public protocol Initializer: Sendable {
  /// Draws the values of one parameter.
  ///
  /// - Parameters:
  ///   - shape: The parameter's shape; `[out, in, ...]` for weights.
  ///   - dtype: The parameter's type, a floating-point one.
  ///   - source: The source of random numbers.
  /// - Returns: A tensor of that shape and type.
  func callAsFunction(_ shape: [Int], dtype: DType, from source: RandomSource) -> Tensor
}

extension Parameter {
  /// Makes a parameter with fresh values, drawn from the streams of the current seed.
  ///
  /// - Parameters:
  ///   - shape: The shape; `[out, in, ...]` for weights.
  ///   - initializer: The initializer of the values.
  ///   - constraint: The constraint that the values keep after every step of an optimizer.
  ///   - dtype: The type, a floating-point one.
  public convenience init(
    _ shape: [Int], initializer: any Initializer, constraint: (any ParameterConstraint)? = nil,
    dtype: DType = .float32
  ) {
    require(
      dtype.isFloatingPoint, "Parameter: expected a floating-point type, got \(dtype); only those have gradients")
    let value = initializer(shape, dtype: dtype, from: RandomSource(nextInitializationStream()))
    require(value.shape == shape, "Initializer: expected a tensor of shape \(shape), got \(value.shape)")
    self.init(value, constraint: constraint)
  }
}

/// The number of units that feed a unit (`input`) and that a unit feeds (`output`), from the shape of the weights.
struct Fan {
  let input, output: Int

  /// - Parameter shape: `[out, in, ...]`; further axes, a kernel's, multiply both.
  init(_ shape: [Int]) {
    require(shape.count >= 2, "Initializer: expected weights [out, in, ...], got \(shape); use .uniform or .normal")
    let kernel = shape.dropFirst(2).reduce(1, *)
    input = shape[1] * kernel
    output = shape[0] * kernel
  }
}
