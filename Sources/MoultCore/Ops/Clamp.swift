/// Returns each element, or the nearest bound if it lies outside.
///
///     y = min(max(x, minimum), maximum),   dx = minimum < x < maximum ? dy : 0
///
/// - Parameters:
///   - min: the lower bound; nil for none.
///   - max: the upper bound; nil for none.
/// - Shapes: `x` of any shape -> the same shape; floating point or an integer dtype, which must hold the bounds.
/// - Edge cases: the gradient at a bound is 0, as in PyTorch 2.15. NaN stays NaN and gets a gradient of 0. If `min`
///   exceeds `max`, all elements become `max`.
/// - Complexity: O(*n*).
public func clamp(_ x: Tensor, min: Double? = nil, max: Double? = nil) -> Tensor {
  require(min != nil || max != nil, "clamp: expected a lower bound, an upper bound or both, got none")
  let input = x.values
  func bound(_ number: Double) -> NDArray { input.number(number, "clamp") }
  var y = input
  if let min { y = .zipped(y, bound(min), .maximum, "clamp") }
  if let max { y = .zipped(y, bound(max), .minimum, "clamp") }
  return y.recorded(
    "clamp", ["min": .double(min ?? -.infinity), "max": .double(max ?? .infinity)], from: x
  ) { gradient in
    let zero = NDArray.zeros([], dtype: input.dtype)
    var result = gradient
    for (number, comparison) in [(min, Comparison.greater), (max, .less)] {
      guard let number else { continue }
      let inside = NDArray.compared(input, .full([], number, dtype: input.dtype), comparison, "clamp")
      result = .selected(inside, result, zero, "clamp")
    }
    return result
  }
}
