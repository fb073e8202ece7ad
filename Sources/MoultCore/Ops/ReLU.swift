import CMoultKernels

private let kernel = UnaryKernel(f32: mk_relu_f32, f64: mk_relu_f64)
private let backward = BinaryKernel(f32: mk_relu_backward_f32, f64: mk_relu_backward_f64)

/// The rectifier.
///
///     y = max(x, 0),   dx = x > 0 ? dy : 0
///
/// - Shapes: any, kept; floating point.
/// - Edge cases: the derivative at 0 is 0; a NaN stays NaN and gets no gradient.
/// - Complexity: O(*n*); the result itself is what the backward pass reads.
public func relu(_ x: Tensor) -> Tensor {
  if let y = x.onDistinctRows(relu) { return y }
  let y = DeferredLayer.rectified(x) ?? x.mapped(kernel, "relu")
  let result = y.recorded("relu", from: x) { gradient in
    [DeferredGradient.gated(gradient, .init(y: y, scale: 1)) ?? .zipped(gradient, y, backward, "relu")]
  }
  result.node?.isRectifier = true
  ForwardTrace.current?.rectified(result)
  return result
}
