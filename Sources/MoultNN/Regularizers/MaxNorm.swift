import MoultCore

/// A constraint that limits the L2 norm of the incoming weights of every unit, recommended for dropout with large
/// learning rates.
///
///     row = row · min(1, limit / ‖row‖₂)   for each row of weight: [outputSize, inputSize]
///
/// - Shapes: Weights of rank 2 or more; a row is all weights at one index of the first axis.
/// - Edge cases: A row with a norm of at most `limit`, or with NaN or infinity, is not changed.
/// - Complexity: O(*n*) time after every step.
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), section 5.1.
public struct MaxNorm: ParameterConstraint {
  /// The maximum L2 norm of a unit's incoming weights.
  public let limit: Double

  /// Makes the constraint.
  ///
  /// - Parameter limit: The maximum L2 norm of a unit's incoming weights, above 0; the paper uses 2 to 4.
  public init(_ limit: Double) {
    require(limit > 0, "MaxNorm: expected a limit > 0, got \(limit)")
    self.limit = limit
  }

  /// Scales down the rows whose norm is above `limit`.
  ///
  /// - Parameter parameter: Weights of rank 2 or more.
  public func apply(to parameter: Parameter) {
    let shape = parameter.shape
    require(shape.count >= 2, "MaxNorm: expected weights [out, in, ...], got \(shape); leave biases unconstrained")
    if parameter.isPacked { return parameter.limitNorms(to: Float(limit)) }
    let isDouble = parameter.dtype == .float64
    parameter.update { memory, count in
      if isDouble {
        shorten(memory.assumingMemoryBound(to: Double.self), rows: shape[0], columns: count / max(shape[0], 1))
      } else {
        shorten(memory.assumingMemoryBound(to: Float.self), rows: shape[0], columns: count / max(shape[0], 1))
      }
    }
  }

  private func shorten<Scalar: BinaryFloatingPoint>(
    _ weights: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int
  ) {
    parallelFor(rows, grain: max(1, Self.elementsPerSlice / max(columns, 1))) { range in
      for row in range {
        let row = UnsafeMutableBufferPointer(start: weights + row * columns, count: columns)
        let norm = sumOfSquares(UnsafeBufferPointer(row)).squareRoot()
        guard norm > limit, norm.isFinite else { continue }
        let factor = Scalar(limit / norm)
        for index in row.indices { row[index] *= factor }
      }
    }
  }

  private static let elementsPerSlice = 1 << 14
}
