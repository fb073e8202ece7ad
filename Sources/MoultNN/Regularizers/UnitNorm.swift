import MoultCore

/// A constraint that scales the incoming weights of every unit to the L2 norm 1.
///
///     row = row / (‖row‖₂ + 1e-7)   for each row of weight: [outputSize, inputSize]
///
/// - Shapes: Weights of rank 2 or more; a row is all weights at one index of the first axis.
/// - Edge cases: A row of zeros stays zero. In a row with NaN all elements become NaN; in a row with infinity the
///   infinite elements become NaN and the others 0.
/// - Complexity: O(*n*) time after every step.
/// - Source: [Salimans and Kingma 2016](https://arxiv.org/abs/1602.07868), as `keras.constraints.UnitNorm` with axis 0,
///   which is the axis of the incoming weights in Keras's layout `[in, out]`.
public struct UnitNorm: ParameterConstraint {
  /// Makes the constraint.
  public init() {}

  /// Scales every row to the L2 norm 1.
  ///
  /// - Parameter parameter: Weights of rank 2 or more.
  public func apply(to parameter: Parameter) {
    let shape = parameter.shape
    require(shape.count >= 2, "UnitNorm: expected weights [out, in, ...], got \(shape); leave biases unconstrained")
    let weight = parameter.value.detached()
    let squares = (weight * weight).sum(axes: Array(1..<shape.count), keepingDimensions: true)
    parameter.value = weight / (sqrt(squares) + Self.epsilon)
  }

  /// A number added to the norm to avoid a division by 0 in a row of zeros; the value of Keras.
  private static let epsilon = 1e-7
}
