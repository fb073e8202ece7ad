import MoultCore

/// Scales all gradients by one factor so that their common L2 norm is at most `maxNorm`.
///
///     g = g · min(1, maxNorm / (norm + 1e-6))
///
/// - Edge cases: parameters without a gradient count as zeros. A norm that is not finite makes gradients that are not.
/// - Complexity: O(*n*) time; the norm is summed in Float64, in a fixed order.
/// - Source: [Pascanu et al. 2013](https://proceedings.mlr.press/v28/pascanu13.html), in the form of
///   `torch.nn.utils.clip_grad_norm_`.
///
/// - Parameters:
///   - parameters: Whose gradients to scale, after the backward pass and before the step.
///   - maxNorm: The largest norm that is left as it is, above 0.
/// - Returns: The norm before scaling.
@discardableResult
public func clipGradients(_ parameters: [Parameter], maxNorm: Double) -> Double {
  require(maxNorm > 0, "clipGradients: expected maxNorm > 0, got \(maxNorm)")
  let norm = parameters.reduce(0) { $0 + ($1.gradient.map(sumOfSquares) ?? 0) }.squareRoot()
  let factor = maxNorm / (norm + clippingEpsilon)
  if factor >= 1 { return norm }
  withGradients(false) {
    for parameter in parameters {
      if let gradient = parameter.gradient { parameter.setGradient(gradient * factor) }
    }
  }
  return norm
}

/// Limits every element of the gradients to `-maxValue...maxValue`.
///
/// - Edge cases: a NaN stays one.
/// - Complexity: O(*n*) time.
///
/// - Parameters:
///   - parameters: Whose gradients to limit, after the backward pass and before the step.
///   - maxValue: The largest magnitude, above 0.
public func clipGradients(_ parameters: [Parameter], maxValue: Double) {
  require(maxValue > 0, "clipGradients: expected maxValue > 0, got \(maxValue)")
  withGradients(false) {
    for parameter in parameters {
      guard let gradient = parameter.gradient else { continue }
      let limit = Tensor.full([], maxValue, dtype: gradient.dtype)
      let fromAbove = select(gradient .> limit, limit, gradient)
      parameter.setGradient(select(fromAbove .< -limit, -limit, fromAbove))
    }
  }
}

/// Keeps the factor finite when all gradients are zero; PyTorch's value.
private let clippingEpsilon = 1e-6

private func sumOfSquares(_ gradient: Tensor) -> Double {
  gradient.withContiguousBytes { bytes in
    gradient.dtype == .float64
      ? sumOfSquares(bytes.assumingMemoryBound(to: Double.self))
      : sumOfSquares(bytes.assumingMemoryBound(to: Float.self))
  }
}
