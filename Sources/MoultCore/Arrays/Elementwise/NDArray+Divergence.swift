import CMoultKernels

extension NDArray {
  /// The cost of one element, in elements as `parallelFor` counts them: logarithms and exponentials take longer than
  /// sums.
  private static let workOfDivergence = 16

  /// Returns the Kullback-Leibler divergence of each weight's Gaussian distribution from the log-uniform prior.
  ///
  /// This array holds the weights, `logVariance` the logarithms of their variances. Both are Float32 and of one shape,
  /// which is also the shape of the result.
  package func divergence(logVariance: NDArray) -> NDArray {
    let w = contiguous(), v = logVariance.contiguous(), result = Storage(count: count, dtype: .float32)
    let (from, other) = (w.pointer(as: Float.self), v.pointer(as: Float.self))
    let to = result.pointer(as: Float.self)
    // The copies must stay alive until the kernels have read them.
    withExtendedLifetime((w, v)) {
      parallelFor(count, elements: Self.workOfDivergence) { range in
        let i = range.lowerBound
        mk_divergence_f32(range.count, from + i, other + i, to + i)
      }
    }
    return NDArray(storage: result, shape: shape)
  }

  /// Returns the gradients of ``divergence(logVariance:)`` with respect to the weights and to `logVariance`; `upstream`
  /// is the gradient of its result.
  package func divergenceGradients(logVariance: NDArray, upstream: NDArray) -> (weight: NDArray, logVariance: NDArray) {
    let w = contiguous(), v = logVariance.contiguous(), g = upstream.contiguous()
    let dw = Storage(count: count, dtype: .float32), dv = Storage(count: count, dtype: .float32)
    let (from, other, up) = (w.pointer(as: Float.self), v.pointer(as: Float.self), g.pointer(as: Float.self))
    let (to, and) = (dw.pointer(as: Float.self), dv.pointer(as: Float.self))
    withExtendedLifetime((w, v, g)) {
      parallelFor(count, elements: Self.workOfDivergence) { range in
        let i = range.lowerBound
        mk_divergence_gradient_f32(range.count, up + i, from + i, other + i, to + i, and + i)
      }
    }
    return (NDArray(storage: dw, shape: shape), NDArray(storage: dv, shape: shape))
  }
}
