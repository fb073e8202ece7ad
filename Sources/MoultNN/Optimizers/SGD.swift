import MoultCore

/// Stochastic gradient descent, optionally with momentum.
///
///     g = gradient + weightDecay · w
///     v = momentum · v + g              (v = g at the first step)
///     w = w - learningRate · (nesterov ? g + momentum · v : v)
///
/// - Complexity: O(*n*) time per step, and with momentum one buffer of the size of the parameters.
/// - Source: [Sutskever et al. 2013](https://proceedings.mlr.press/v28/sutskever13.html), in the form of
///   `torch.optim.SGD`.
public final class SGD: GroupedOptimizer {
  /// The momentum coefficient, from 0 to below 1; 0 for no momentum.
  public let momentum: Double
  /// Whether to use Nesterov momentum.
  public let nesterov: Bool
  /// The parameters, and the learning rate and weight decay of each.
  public var settings: OptimizerSettings
  private var velocities: ParameterBuffers

  /// Makes an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to update, such as `model.parameters()`.
  ///   - learningRate: The learning rate, at least 0.
  ///   - momentum: The momentum coefficient, from 0 to below 1; 0 for no momentum.
  ///   - nesterov: Whether to use Nesterov momentum; requires a momentum above 0.
  ///   - weightDecay: The coefficient of the weights that is added to the gradient (L2 penalty), at least 0.
  ///   - groups: Parameters with settings of their own; see ``ParameterGroup``.
  public init(
    _ parameters: [Parameter], learningRate: Double, momentum: Double = 0, nesterov: Bool = false,
    weightDecay: Double = 0, groups: [ParameterGroup] = []
  ) {
    settings = OptimizerSettings(
      parameters, learningRate: learningRate, weightDecay: weightDecay, groups: groups, name: "SGD")
    OptimizerCheck.decay(momentum, "momentum", "SGD")
    require(!nesterov || momentum > 0, "SGD: expected momentum > 0 with nesterov, got \(momentum)")
    self.momentum = momentum
    self.nesterov = nesterov
    velocities = ParameterBuffers("momentum", count: parameters.count)
  }

  /// Updates the parameters by their gradients.
  public func step() {
    forEachMovable { index, parameter in
      let rule = UpdateRule.sgd(
        learningRate: settings.learningRate(at: index), momentum: momentum, nesterov: nesterov,
        weightDecay: settings.weightDecay(at: index))
      parameter.apply(rule, buffers: momentum > 0 ? [velocities.buffer(at: index, like: parameter)] : [])
    }
    settings.finishStep()
  }

  /// Returns the momentum buffer of each parameter that has one, as `momentum.0` and so on.
  ///
  /// - Returns: Tensors by name. The number in a name is the index of the parameter.
  public func stateDictionary() -> [String: Tensor] { state(with: velocities.state) }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of an SGD for the same parameters.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    try load(state, into: \.velocities)
  }
}
