import MoultCore

/// Scales all gradients by one factor so that their common L2 norm is at most `maxNorm`.
///
///     g = g · min(1, maxNorm / (norm + 1e-6))
///
/// - Edge cases: A parameter without a gradient counts as zeros. If the norm is infinite, finite elements become 0 and
///   infinite ones NaN; if the norm is NaN, all elements become NaN.
/// - Complexity: O(*n*) time; the norm is summed in Float64, in a fixed order.
/// - Source: [Pascanu et al. 2013](https://proceedings.mlr.press/v28/pascanu13.html), in the form of
///   `torch.nn.utils.clip_grad_norm_`.
///
/// - Parameters:
///   - parameters: The parameters whose gradients are scaled. Call this after the backward pass and before the step.
///   - maxNorm: The maximum norm, above 0. Gradients of a smaller norm stay as they are.
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

/// Clips every element of the gradients to `-maxValue...maxValue`.
///
/// - Edge cases: NaN stays NaN.
/// - Complexity: O(*n*) time.
///
/// - Parameters:
///   - parameters: The parameters whose gradients are clipped. Call this after the backward pass and before the step.
///   - maxValue: The maximum absolute value of an element, above 0.
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

/// A gradient transform that scales all gradients by one factor so that their common L2 norm is at most `maxNorm`, as
/// ``clipGradients(_:maxNorm:)`` does.
public struct GradientNormClipping: GradientTransform {
  /// The maximum norm. Gradients of a smaller norm stay as they are.
  public let maxNorm: Double

  /// Makes the transform.
  ///
  /// - Parameter maxNorm: The maximum norm, above 0. Gradients of a smaller norm stay as they are.
  public init(_ maxNorm: Double) {
    require(maxNorm > 0, "GradientNormClipping: expected maxNorm > 0, got \(maxNorm)")
    self.maxNorm = maxNorm
  }

  /// Scales the gradients of `parameters`; `step` is ignored.
  public func apply(to parameters: [Parameter], step: Int) { clipGradients(parameters, maxNorm: maxNorm) }
}

/// A gradient transform that clips every element of the gradients to `-maxValue...maxValue`, as
/// ``clipGradients(_:maxValue:)`` does.
public struct GradientValueClipping: GradientTransform {
  /// The maximum absolute value of an element.
  public let maxValue: Double

  /// Makes the transform.
  ///
  /// - Parameter maxValue: The maximum absolute value of an element, above 0.
  public init(_ maxValue: Double) {
    require(maxValue > 0, "GradientValueClipping: expected maxValue > 0, got \(maxValue)")
    self.maxValue = maxValue
  }

  /// Clips the gradients of `parameters`; `step` is ignored.
  public func apply(to parameters: [Parameter], step: Int) { clipGradients(parameters, maxValue: maxValue) }
}

extension GradientTransform where Self == GradientNormClipping {
  /// A transform that scales all gradients by one factor so that their common L2 norm is at most `maxNorm`.
  ///
  /// - Parameter maxNorm: The maximum norm, above 0.
  public static func clipNorm(_ maxNorm: Double) -> GradientNormClipping { GradientNormClipping(maxNorm) }
}

extension GradientTransform where Self == GradientValueClipping {
  /// A transform that clips every element of the gradients to `-maxValue...maxValue`.
  ///
  /// - Parameter maxValue: The maximum absolute value of an element, above 0.
  public static func clipValue(_ maxValue: Double) -> GradientValueClipping { GradientValueClipping(maxValue) }
}

/// A number added to the norm that keeps the factor finite when all gradients are zero; the value of PyTorch.
private let clippingEpsilon = 1e-6
