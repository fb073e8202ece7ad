import MoultCore

/// What survivors of dropout are multiplied by: `1 / (1 - rate)` as the mask law says it; 1 where there are none.
func survivorScale(_ rate: Double) -> Double { rate < 1 ? Double(Float(1 / (1 - rate))) : 1 }

/// `x` times `scale` where `kept` holds, and zero elsewhere: selected, so that a NaN in what is dropped does not leak.
///
/// - Shapes: `kept` broadcasts to `x`.
func keepingOnly(_ kept: Tensor, of x: Tensor, scale: Double) -> Tensor {
  select(kept, scale == 1 ? x : x * scale, .zeros([], dtype: x.dtype))
}
