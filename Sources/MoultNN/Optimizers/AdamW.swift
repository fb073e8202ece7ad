import MoultCore

/// `Adam` with weight decay that shrinks the weights themselves, untouched by the scaling of the gradients.
///
///     w = w · (1 - learningRate · weightDecay), then a step of Adam without weight decay
///
/// - Complexity: O(*n*) time a step, two buffers as large as the parameters.
/// - Source: [Loshchilov and Hutter 2019](https://arxiv.org/abs/1711.05101), algorithm 2, in the form of
///   `torch.optim.AdamW`.
public final class AdamW: Adam {
  /// Makes an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to change: `model.parameters()`.
  ///   - learningRate: The size of a step, at least 0.
  ///   - beta1: The fraction of the mean that is kept at each step.
  ///   - beta2: The fraction of the mean square that is kept at each step.
  ///   - epsilon: Keeps the divisor away from 0.
  ///   - weightDecay: The strength of the pull of all weights towards 0.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 1e-2
  ) {
    self.init(
      AdamEngine(
        parameters, learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        weightDecay: weightDecay, isDecoupled: true))
  }
}
