import CMoultKernels

extension NDArray {
  /// Work of one element, in elements of `parallelFor`: logarithms and exponentials.
  private static let workOfDivergence = 16

  /// The divergence of weights from the log-uniform prior, given the logarithms of their variances; both Float32.
  package func divergence(logVariance: NDArray) -> NDArray {
    let w = contiguous(), v = logVariance.contiguous(), result = Storage(count: count, dtype: .float32)
    let (from, other) = (w.pointer(as: Float.self), v.pointer(as: Float.self))
    let to = result.pointer(as: Float.self)
    // Copies must live until the kernels have read them.
    withExtendedLifetime((w, v)) {
      parallelFor(count, elements: Self.workOfDivergence) { range in
        let i = range.lowerBound
        mk_divergence_f32(range.count, from + i, other + i, to + i)
      }
    }
    return NDArray(storage: result, shape: shape)
  }

  /// The gradients of ``divergence(logVariance:)`` by the weights and by the logarithms, for its upstream gradient.
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
