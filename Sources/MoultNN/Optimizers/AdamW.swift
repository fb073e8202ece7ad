import MoultCore

/// The AdamW optimizer: `Adam` with decoupled weight decay, which scales the weights and is not added to the gradient.
///
///     w = w · (1 - learningRate · weightDecay), then a step of Adam without weight decay
///
/// - Complexity: O(*n*) time per step, and two buffers of the size of the parameters.
/// - Source: [Loshchilov and Hutter 2019](https://arxiv.org/abs/1711.05101), algorithm 2, in the form of
///   `torch.optim.AdamW`.
public final class AdamW: Adam {
  /// Makes an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to update, such as `model.parameters()`.
  ///   - learningRate: The learning rate, at least 0.
  ///   - beta1: The decay rate of the moving average of the gradient, from 0 to below 1.
  ///   - beta2: The decay rate of the moving average of the squared gradient, from 0 to below 1.
  ///   - epsilon: A number added to the divisor to avoid a division by 0, at least 0.
  ///   - weightDecay: The weight decay coefficient, at least 0. Each step scales all weights by
  ///     `1 - learningRate · weightDecay`.
  ///   - groups: Parameters with settings of their own; see ``ParameterGroup``.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 1e-2, groups: [ParameterGroup] = []
  ) {
    self.init(
      AdamEngine(
        parameters, learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        weightDecay: weightDecay, groups: groups, isDecoupled: true))
  }
}
