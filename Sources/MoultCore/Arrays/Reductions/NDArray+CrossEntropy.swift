import CMoultKernels

extension NDArray {
  /// Returns the cross-entropy of each row of these logits `[N, C]`, as `[N]`, and its gradient with respect to the
  /// logits, `[N, C]`.
  ///
  /// - Parameters:
  ///   - classes: The class of each row, in 0..<C.
  ///   - smoothing: The label smoothing, in 0...1: the fraction of the target probability that is spread evenly over
  ///     all classes.
  ///   - withGradient: Whether the gradient is computed.
  package func crossEntropy(
    _ classes: [Int32], smoothing: Double, withGradient: Bool
  ) -> (losses: NDArray, gradient: NDArray?) {
    let x = contiguous(), rows = shape[0], n = shape[1]
    let losses = Storage(count: rows, dtype: dtype)
    let slopes = withGradient ? Storage(count: count, dtype: dtype) : nil
    if dtype == .float32 {
      mk_cross_entropy_f32(
        rows, n, x.pointer(as: Float.self), classes, Float(smoothing), losses.pointer(as: Float.self),
        slopes?.pointer(as: Float.self))
    } else {
      mk_cross_entropy_f64(
        rows, n, x.pointer(as: Double.self), classes, smoothing, losses.pointer(as: Double.self),
        slopes?.pointer(as: Double.self))
    }
    withExtendedLifetime(x) {}
    return (NDArray(storage: losses, shape: [rows]), slopes.map { NDArray(storage: $0, shape: shape) })
  }
}
