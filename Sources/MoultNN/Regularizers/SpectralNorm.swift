import MoultCore

/// Keeps the largest singular value of a weight matrix within a limit, so that the layer stretches no input by more.
///
///     W = W · min(1, limit / σ(W))
///
/// σ is found by the power iteration's better relative, the bidiagonalization of Golub and Kahan: it costs the same two
/// products a turn, and uses all vectors on the way instead of the last one. It starts at the same vector each time, so
/// nothing is kept between steps, nothing is missing from a checkpoint, and evaluation uses the weights as they are.
///
/// - Shapes: weights of rank 2 or more, seen as `[outputSize, everything else]`.
/// - Edge cases: weights within the limit stay as they are, bit for bit, and so do weights of zeros and ones that are
///   not finite. σ is found from below, on random matrices by at most 1 % too small in 15 turns.
/// - Complexity: O(`iterations` · *n*) time after every step.
/// - Source: [Gouk et al. 2021](https://arxiv.org/abs/1804.04368), algorithm 2, after the spectral normalization of
///   [Miyato et al. 2018](https://arxiv.org/abs/1802.05957); σ by
///   [Golub and Kahan 1965](https://doi.org/10.1137/0702016).
public struct SpectralNorm: ParameterConstraint {
  /// The greatest singular value that is left as it is.
  public let limit: Double
  /// Steps of the iteration that finds the largest singular value.
  public let iterations: Int

  /// Makes the constraint.
  ///
  /// - Parameters:
  ///   - limit: The greatest singular value that is left as it is, above 0.
  ///   - iterations: Steps of the iteration that finds the largest singular value, at least 1; more find it more
  ///     exactly.
  public init(_ limit: Double = 1, iterations: Int = 15) {
    require(limit > 0, "SpectralNorm: expected a limit > 0, got \(limit)")
    require(iterations >= 1, "SpectralNorm: expected at least 1 iteration, got \(iterations)")
    self.limit = limit
    self.iterations = iterations
  }

  /// Scales weights down whose largest singular value is above the limit.
  ///
  /// - Parameter parameter: The weights.
  public func apply(to parameter: Parameter) {
    let shape = parameter.shape
    require(shape.count >= 2, "SpectralNorm: expected weights [out, in, ...], got \(shape); leave biases unconstrained")
    guard parameter.count > 0 else { return }
    let weight = parameter.value.detached()
    let norm = largestSingularValue(of: weight.reshaped([shape[0], parameter.count / shape[0]]))
    if norm > limit && norm.isFinite { parameter.value = weight * (limit / norm) }
  }

  /// Brings the matrix to an upper bidiagonal one, turn by turn, whose largest singular value approaches its own.
  private func largestSingularValue(of matrix: Tensor) -> Double {
    let start = Tensor.randomNormal([matrix.shape[1]], dtype: matrix.dtype, seed: Self.startSeed)
    var v = start / Self.norm(start), u = Tensor.zeros([matrix.shape[0]], dtype: matrix.dtype)
    var diagonal: [Double] = [], above: [Double] = []
    for _ in 0..<min(iterations, matrix.shape.min() ?? 0) {
      let left = matmul(matrix, v) - u * (above.last ?? 0)
      diagonal.append(Self.norm(left))
      guard let alpha = diagonal.last, alpha > Self.smallest * (diagonal.max() ?? 0) else { break }
      u = left / alpha
      let right = matmul(u, matrix) - v * alpha
      above.append(Self.norm(right))
      guard let beta = above.last, beta > Self.smallest * (diagonal.max() ?? 0) else { break }
      v = right / beta
    }
    return Self.largestSingularValue(diagonal, above)
  }

  /// The largest singular value of an upper bidiagonal matrix B, which may have a column more than rows: the root of
  /// the largest eigenvalue of BBᵀ, by bisection with the signs of its leading minors.
  private static func largestSingularValue(_ diagonal: [Double], _ above: [Double]) -> Double {
    let main = diagonal.indices.map { j in
      diagonal[j] * diagonal[j] + (j < above.count ? above[j] * above[j] : 0)
    }
    let beside = diagonal.indices.dropLast().map { above[$0] * diagonal[$0 + 1] }
    /// Whether every eigenvalue is below `x`: then x - BBᵀ has only positive pivots.
    func isAbove(_ x: Double) -> Bool {
      var pivot = 1.0
      for j in main.indices {
        pivot = x - main[j] - (j > 0 ? beside[j - 1] * beside[j - 1] / pivot : 0)
        if pivot <= 0 { return false }
      }
      return true
    }
    var low = main.max() ?? 0
    var high = 3 * low  // no row of BBᵀ adds up to more, since its minors are not negative
    guard high > 0 && high.isFinite else { return low.squareRoot() }
    for _ in 0..<bisections {
      let middle = (low + high) / 2
      if isAbove(middle) { high = middle } else { low = middle }
    }
    return low.squareRoot()
  }

  private static func norm(_ vector: Tensor) -> Double { (vector * vector).sum().item(as: Double.self).squareRoot() }

  /// Of the vector that every iteration starts at.
  private static let startSeed: UInt64 = 0
  /// What of the largest entry is taken for 0: the turns have come to an end of the space.
  private static let smallest = 1e-6
  /// As many as a Double has digits.
  private static let bisections = 54
}
