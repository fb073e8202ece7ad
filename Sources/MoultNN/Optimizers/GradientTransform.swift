import MoultCore

/// A change of the gradients between the backward pass and the optimizer's step, such as clipping.
///
/// A trainer applies its transforms in their order, once a step, after the gradients of all micro-batches are added up:
///
/// ```swift
/// let trainer = Trainer(
///   model, optimizer: optimizer, loss: crossEntropy, seed: 1, gradientTransforms: [.clipNorm(1)])
/// ```
///
/// A transform of your own reads and sets `parameter.gradient`:
///
/// ```swift
/// struct Scaled: GradientTransform {
///   func apply(to parameters: [Parameter], step: Int) {
///     for parameter in parameters { parameter.gradient = parameter.gradient.map { $0 * 0.5 } }
///   }
/// }
/// ```
///
/// - Complexity: Without a transform the optimizer updates each tile of the weights while the product that gives its
///   gradient is in the cache. A transform that reads a gradient has it computed whole and written to memory first.
public protocol GradientTransform: Sendable {
  /// Changes the gradients of one step.
  ///
  /// Gradients are off meanwhile: nothing that a transform computes has a history.
  ///
  /// - Parameters:
  ///   - parameters: Those of the optimizer that are not frozen and have a gradient.
  ///   - step: The number of steps done before, from 0.
  func apply(to parameters: [Parameter], step: Int)
}

extension Optimizer {
  /// Applies transforms to the gradients of the parameters that are not frozen and have one.
  ///
  /// - Parameters:
  ///   - transforms: The transforms, first to last.
  ///   - step: The number of steps done before, from 0.
  public func transformGradients(_ transforms: [any GradientTransform], step: Int) {
    if transforms.isEmpty { return }
    let changing = parameters.filter { !$0.isFrozen && $0.hasGradient }
    withGradients(false) {
      for transform in transforms { transform.apply(to: changing, step: step) }
    }
  }
}
