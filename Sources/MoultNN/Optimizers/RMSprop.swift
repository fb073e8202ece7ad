import MoultCore

/// The RMSprop optimizer: each update is divided by the root of a moving average of the squared gradient.
///
///     g = gradient + weightDecay · w
///     v = alpha · v + (1 - alpha) · g²,   a = alpha · a + (1 - alpha) · g
///     u = g / (√(centered ? v - a² : v) + epsilon)
///     b = momentum · b + u
///     w = w - learningRate · b
///
/// - Edge cases: where rounding makes `v - a²` negative, it counts as 0.
/// - Complexity: O(*n*) time per step, and a buffer of the size of the parameters, another one if centered, and another
///   one with momentum.
/// - Source: [Tieleman and Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf),
///   slide 29; centered as in [Graves 2013](https://arxiv.org/abs/1308.0850), section 4.1, in the form of
///   `torch.optim.RMSprop`.
public final class RMSprop: GroupedOptimizer {
  /// The decay rate of the moving averages, from 0 to below 1.
  public let alpha: Double
  /// A number added to the divisor to avoid a division by 0, at least 0.
  public let epsilon: Double
  /// The momentum coefficient, from 0 to below 1; 0 for no momentum.
  public let momentum: Double
  /// Whether the gradient is divided by an estimate of its standard deviation instead of its root mean square.
  public let centered: Bool
  /// The parameters, and the learning rate and weight decay of each.
  public var settings: OptimizerSettings
  private var squares, means, velocities: ParameterBuffers

  /// Makes an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to update, such as `model.parameters()`.
  ///   - learningRate: The learning rate, at least 0.
  ///   - alpha: The decay rate of the moving averages, from 0 to below 1.
  ///   - epsilon: A number added to the divisor to avoid a division by 0, at least 0.
  ///   - weightDecay: The coefficient of the weights that is added to the gradient (L2 penalty), at least 0.
  ///   - momentum: The momentum coefficient, from 0 to below 1; 0 for no momentum.
  ///   - centered: Whether to divide by an estimate of the standard deviation instead of the root mean square.
  ///   - groups: Parameters with settings of their own; see ``ParameterGroup``.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false, groups: [ParameterGroup] = []
  ) {
    settings = OptimizerSettings(
      parameters, learningRate: learningRate, weightDecay: weightDecay, groups: groups, name: "RMSprop")
    OptimizerCheck.decay(alpha, "alpha", "RMSprop")
    OptimizerCheck.notNegative(epsilon, "epsilon", "RMSprop")
    OptimizerCheck.decay(momentum, "momentum", "RMSprop")
    self.alpha = alpha
    self.epsilon = epsilon
    self.momentum = momentum
    self.centered = centered
    squares = ParameterBuffers("rmsprop.square", count: parameters.count)
    means = ParameterBuffers("rmsprop.mean", count: parameters.count)
    velocities = ParameterBuffers("rmsprop.momentum", count: parameters.count)
  }

  /// Updates the parameters by their gradients.
  public func step() {
    withGradients(false) { forEachUpdate(update) }
    settings.finishStep()
  }

  private func update(_ index: Int, _ parameter: Parameter, _ gradient: Tensor) {
    let weight = parameter.value
    let gradient = settings.decayed(gradient, of: weight, at: index)
    let square = squares.buffer(at: index, like: parameter)
    square.value = square.value * alpha + gradient * gradient * (1 - alpha)
    var variance = square.value
    if centered {
      let mean = means.buffer(at: index, like: parameter)
      mean.value = mean.value * alpha + gradient * (1 - alpha)
      variance = relu(variance - mean.value * mean.value)
    }
    var update = gradient / (sqrt(variance) + epsilon)
    if momentum > 0 {
      let velocity = velocities.buffer(at: index, like: parameter)
      velocity.value = velocity.value * momentum + update
      update = velocity.value
    }
    parameter.value = weight - update * settings.learningRate(at: index)
  }

  /// Returns the state: the moving averages `rmsprop.square.0` and, if centered, `rmsprop.mean.0`, with momentum also
  /// `rmsprop.momentum.0`, and so on.
  ///
  /// - Returns: Tensors by name. The number in a name is the index of the parameter.
  public func stateDictionary() -> [String: Tensor] {
    state(with: squares.state, means.state, velocities.state)
  }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of an RMSprop for the same parameters.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    try load(state, into: \.squares, \.means, \.velocities)
  }
}
