import CMoultKernels

extension NDArray {
  /// The numbers of a soft mask `sigmoid((logit - noise) · slope) · scale`.
  typealias ConcreteFactors = (logit: Float, slope: Float, scale: Float)

  /// The cost of one element, in elements as `parallelFor` counts them: an exponential takes longer than a sum.
  private static let workOfConcreteMask = 4

  /// Returns this array times a soft mask, and the mask without its scale. All arrays are Float32 and of one shape.
  func concreteMasked(noise: NDArray, _ factors: ConcreteFactors) -> (y: NDArray, keep: NDArray) {
    let x = contiguous(), noise = noise.contiguous()
    let y = Storage(count: count, dtype: .float32), keep = Storage(count: count, dtype: .float32)
    let (from, draws) = (x.pointer(as: Float.self), noise.pointer(as: Float.self))
    let (to, mask) = (y.pointer(as: Float.self), keep.pointer(as: Float.self))
    withExtendedLifetime((x, noise)) {
      parallelFor(count, elements: Self.workOfConcreteMask) { range in
        let i = range.lowerBound
        mk_concrete_f32(
          range.count, from + i, draws + i, factors.logit, factors.slope, factors.scale, mask + i, to + i)
      }
    }
    return (NDArray(storage: y, shape: shape), NDArray(storage: keep, shape: shape))
  }

  /// Returns the gradient of ``concreteMasked(noise:_:)`` with respect to this array, and the terms of the sums that
  /// are the gradients of `logit` and `scale`; `upstream` is the gradient of its result.
  func concreteMaskGradients(
    keep: NDArray, upstream: NDArray, _ factors: ConcreteFactors
  ) -> (x: NDArray, logit: NDArray, scale: NDArray) {
    let x = contiguous(), g = upstream.contiguous()
    let results = (0..<3).map { _ in Storage(count: count, dtype: .float32) }
    let (from, mask, up) = (x.pointer(as: Float.self), keep.pointer(as: Float.self), g.pointer(as: Float.self))
    let to = results.map { $0.pointer(as: Float.self) }
    withExtendedLifetime((x, keep, g)) {
      parallelFor(count, elements: Self.workOfConcreteMask) { range in
        let i = range.lowerBound
        mk_concrete_gradient_f32(
          range.count, up + i, from + i, mask + i, factors.slope, factors.scale, to[0] + i, to[1] + i, to[2] + i)
      }
    }
    let arrays = results.map { NDArray(storage: $0, shape: shape) }
    return (arrays[0], arrays[1], arrays[2])
  }
}
