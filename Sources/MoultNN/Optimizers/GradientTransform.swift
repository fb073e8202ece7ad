import MoultCore

/// A change of the gradients between the backward pass and the optimizer step, such as clipping.
///
/// A trainer applies its transforms in order, once per step, after the gradients of all micro-batches are added up:
///
/// ```swift
/// let trainer = Trainer(
///   model, optimizer: optimizer, loss: crossEntropy, seed: 1, gradientTransforms: [.clipNorm(1)])
/// ```
///
/// A transform reads and sets `parameter.gradient`:
///
/// ```swift
/// struct Scaled: GradientTransform {
///   func apply(to parameters: [Parameter], step: Int) {
///     for parameter in parameters { parameter.gradient = parameter.gradient.map { $0 * 0.5 } }
///   }
/// }
/// ```
///
/// - Complexity: Without a transform, the optimizer updates the weights tile by tile while their gradients are in the
///   cache, and the gradients are never stored. A transform that reads a gradient causes it to be computed completely
///   and stored in memory first.
public protocol GradientTransform: Sendable {
  /// Changes the gradients of one step.
  ///
  /// Gradient tracking is off during the call, so results have no history.
  ///
  /// - Parameters:
  ///   - parameters: The optimizer's parameters that have a gradient and are not frozen.
  ///   - step: The number of steps taken before this one, from 0.
  func apply(to parameters: [Parameter], step: Int)
}

extension Optimizer {
  /// Applies transforms to the gradients of the optimizer's parameters that have a gradient and are not frozen.
  ///
  /// - Parameters:
  ///   - transforms: The transforms in the order in which they are applied.
  ///   - step: The number of steps taken before this one, from 0.
  public func transformGradients(_ transforms: [any GradientTransform], step: Int) {
    if transforms.isEmpty { return }
    let changing = parameters.filter { !$0.isFrozen && $0.hasGradient }
    withGradients(false) {
      for transform in transforms { transform.apply(to: changing, step: step) }
    }
  }
}
