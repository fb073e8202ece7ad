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
///   - parameters: The parameters whose gradients are scaled, after the backward pass and before the step.
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
      if let gradient = parameter.gradient { parameter.gradient = gradient * factor }
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
///   - parameters: The parameters whose gradients are limited, after the backward pass and before the step.
///   - maxValue: The largest magnitude, above 0.
public func clipGradients(_ parameters: [Parameter], maxValue: Double) {
  require(maxValue > 0, "clipGradients: expected maxValue > 0, got \(maxValue)")
  withGradients(false) {
    for parameter in parameters {
      guard let gradient = parameter.gradient else { continue }
      let limit = Tensor.full([], maxValue, dtype: gradient.dtype)
      let fromAbove = select(gradient .> limit, limit, gradient)
      parameter.gradient = select(fromAbove .< -limit, -limit, fromAbove)
    }
  }
}

/// Scales all gradients by one factor so that their common L2 norm is at most `maxNorm`: ``clipGradients(_:maxNorm:)``
/// as a transform.
public struct GradientNormClipping: GradientTransform {
  /// The largest norm that is left as it is.
  public let maxNorm: Double

  /// Makes the transform.
  ///
  /// - Parameter maxNorm: The largest norm that is left as it is, above 0.
  public init(_ maxNorm: Double) {
    require(maxNorm > 0, "GradientNormClipping: expected maxNorm > 0, got \(maxNorm)")
    self.maxNorm = maxNorm
  }

  /// Scales the gradients.
  public func apply(to parameters: [Parameter], step: Int) { clipGradients(parameters, maxNorm: maxNorm) }
}

/// Limits every element of the gradients to `-maxValue...maxValue`: ``clipGradients(_:maxValue:)`` as a transform.
public struct GradientValueClipping: GradientTransform {
  /// The largest magnitude.
  public let maxValue: Double

  /// Makes the transform.
  ///
  /// - Parameter maxValue: The largest magnitude, above 0.
  public init(_ maxValue: Double) {
    require(maxValue > 0, "GradientValueClipping: expected maxValue > 0, got \(maxValue)")
    self.maxValue = maxValue
  }

  /// Limits the gradients.
  public func apply(to parameters: [Parameter], step: Int) { clipGradients(parameters, maxValue: maxValue) }
}

extension GradientTransform where Self == GradientNormClipping {
  /// Scales all gradients by one factor so that their common L2 norm is at most `maxNorm`, above 0.
  public static func clipNorm(_ maxNorm: Double) -> GradientNormClipping { GradientNormClipping(maxNorm) }
}

extension GradientTransform where Self == GradientValueClipping {
  /// Limits every element of the gradients to `-maxValue...maxValue`, above 0.
  public static func clipValue(_ maxValue: Double) -> GradientValueClipping { GradientValueClipping(maxValue) }
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
