import CMoultKernels

extension NDArray {
  /// The cross-entropy of each row of logits `[N, C]` with its class, `[N]`, and its gradient by the logits, `[N, C]`,
  /// if asked for. Classes are in 0..<C.
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
