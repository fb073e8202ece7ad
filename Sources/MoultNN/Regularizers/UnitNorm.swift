import MoultCore

/// Gives the incoming weights of every unit the norm 1.
///
///     row = row / (‖row‖₂ + 1e-7)   for each row of weight: [outputSize, inputSize]
///
/// - Shapes: weights of rank 2 or more; a row is everything under one index of the first axis.
/// - Edge cases: a row of zeros stays; one with NaN or infinity becomes NaN.
/// - Complexity: O(*n*) time after every step.
/// - Source: [Salimans and Kingma 2016](https://arxiv.org/abs/1602.07868), as the constraint
///   `keras.constraints.UnitNorm`, whose axis 0 is that of the incoming weights in Keras's layout `[in, out]`.
public struct UnitNorm: ParameterConstraint {
  /// Makes the constraint.
  public init() {}

  /// Scales every row to norm 1.
  ///
  /// - Parameter parameter: The weights.
  public func apply(to parameter: Parameter) {
    let shape = parameter.shape
    require(shape.count >= 2, "UnitNorm: expected weights [out, in, ...], got \(shape); leave biases unconstrained")
    let weight = parameter.value.detached()
    let squares = (weight * weight).sum(axes: Array(1..<shape.count), keepingDimensions: true)
    parameter.value = weight / (sqrt(squares) + Self.epsilon)
  }

  /// Keeps the divisor of a row of zeros away from 0; Keras's value.
  private static let epsilon = 1e-7
}
