import MoultCore

/// A constraint that limits the largest singular value of a weight matrix, so that a linear layer increases the norm of
/// no input by more than the factor `limit`.
///
///     W = W · min(1, limit / σ(W))
///
/// σ is computed by Golub-Kahan bidiagonalization. An iteration costs two matrix-vector products, as in power
/// iteration, but the estimate uses the vectors of all iterations and converges faster. The start vector is always the
/// same, so no state is kept between steps or in checkpoints, and evaluation uses the weights as they are.
///
/// - Shapes: Weights of rank 2 or more, treated as a matrix `[outputSize, product of the other extents]`.
/// - Edge cases: Weights are not changed if σ is at most `limit`, if they are all zero, or if one is not finite. The
///   estimate of σ is never too large except by rounding; on random matrices it is at most 1 % too small after 15
///   iterations.
/// - Complexity: O(`iterations` · *n*) time after every step.
/// - Source: [Gouk et al. 2021](https://arxiv.org/abs/1804.04368), algorithm 2, after the spectral normalization of
///   [Miyato et al. 2018](https://arxiv.org/abs/1802.05957); σ by
///   [Golub and Kahan 1965](https://doi.org/10.1137/0702016).
public struct SpectralNorm: ParameterConstraint {
  /// The maximum of the largest singular value.
  public let limit: Double
  /// The number of iterations that compute the largest singular value.
  public let iterations: Int

  /// Makes the constraint.
  ///
  /// - Parameters:
  ///   - limit: The maximum of the largest singular value, above 0.
  ///   - iterations: The number of iterations that compute the largest singular value, at least 1. More iterations make
  ///     it more exact.
  public init(_ limit: Double = 1, iterations: Int = 15) {
    require(limit > 0, "SpectralNorm: expected a limit > 0, got \(limit)")
    require(iterations >= 1, "SpectralNorm: expected at least 1 iteration, got \(iterations)")
    self.limit = limit
    self.iterations = iterations
  }

  /// Scales the weights down if their largest singular value is above `limit`.
  ///
  /// - Parameter parameter: Weights of rank 2 or more.
  public func apply(to parameter: Parameter) {
    let shape = parameter.shape
    require(shape.count >= 2, "SpectralNorm: expected weights [out, in, ...], got \(shape); leave biases unconstrained")
    guard parameter.count > 0 else { return }
    let weight = parameter.value.detached()
    let norm = largestSingularValue(of: weight.reshaped([shape[0], parameter.count / shape[0]]))
    if norm > limit && norm.isFinite { parameter.value = weight * (limit / norm) }
  }

  /// Returns an estimate of the largest singular value of the matrix. Each iteration computes one more row of an upper
  /// bidiagonal matrix, whose largest singular value approaches that of the matrix.
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

  /// Returns the largest singular value of an upper bidiagonal matrix B, which may have one column more than rows: the
  /// square root of the largest eigenvalue of BBᵀ, found by bisection with the signs of the pivots of x - BBᵀ.
  ///
  /// - Parameters:
  ///   - diagonal: The elements of the diagonal.
  ///   - above: The elements above the diagonal, as many as there are on the diagonal or one fewer.
  private static func largestSingularValue(_ diagonal: [Double], _ above: [Double]) -> Double {
    let main = diagonal.indices.map { j in
      diagonal[j] * diagonal[j] + (j < above.count ? above[j] * above[j] : 0)
    }
    let beside = diagonal.indices.dropLast().map { above[$0] * diagonal[$0 + 1] }
    /// Whether all eigenvalues of BBᵀ are below `x`, which holds if x - BBᵀ has only positive pivots.
    func isAbove(_ x: Double) -> Bool {
      var pivot = 1.0
      for j in main.indices {
        pivot = x - main[j] - (j > 0 ? beside[j - 1] * beside[j - 1] / pivot : 0)
        if pivot <= 0 { return false }
      }
      return true
    }
    var low = main.max() ?? 0
    var high = 3 * low  // bound of Gershgorin: the absolute values in a row of BBᵀ add up to at most this
    guard high > 0 && high.isFinite else { return low.squareRoot() }
    for _ in 0..<bisections {
      let middle = (low + high) / 2
      if isAbove(middle) { high = middle } else { low = middle }
    }
    return low.squareRoot()
  }

  private static func norm(_ vector: Tensor) -> Double { (vector * vector).sum().item(as: Double.self).squareRoot() }

  /// The seed of the start vector.
  private static let startSeed: UInt64 = 0
  /// An element of the bidiagonal matrix below this fraction of the largest one counts as 0. The vectors found so far
  /// then span the space, and the iteration ends.
  private static let smallest = 1e-6
  /// The number of bisections: one for each of the 53 binary digits of a Double, and one more.
  private static let bisections = 54
}
