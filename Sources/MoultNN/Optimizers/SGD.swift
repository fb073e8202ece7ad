import MoultCore

/// Stochastic gradient descent, with momentum if asked.
///
///     g = gradient + weightDecay · w
///     v = momentum · v + g              (v = g at the first step)
///     w = w - learningRate · (nesterov ? g + momentum · v : v)
///
/// - Complexity: O(*n*) time a step, one buffer as large as the parameters if there is momentum.
/// - Source: [Sutskever et al. 2013](https://proceedings.mlr.press/v28/sutskever13.html), in the form of
///   `torch.optim.SGD`.
public final class SGD: Optimizer {
  /// The parameters that a step changes.
  public let parameters: [Parameter]
  /// The size of the next step, at least 0.
  public var learningRate: Double { didSet { Self.check(learningRate) } }
  /// The fraction of the last step's direction that is kept.
  public let momentum: Double
  /// Whether to look ahead along the momentum.
  public let nesterov: Bool
  /// The strength of the pull of all weights towards 0.
  public var weightDecay: Double { didSet { OptimizerCheck.notNegative(weightDecay, "weightDecay", "SGD") } }
  private var velocities: ParameterBuffers

  /// Makes an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to change: `model.parameters()`.
  ///   - learningRate: The size of a step, at least 0.
  ///   - momentum: The fraction of the last step's direction that is kept, 0 to 1, not 1.
  ///   - nesterov: Whether to look ahead along the momentum, of which there must be some then.
  ///   - weightDecay: The strength of the pull of all weights towards 0.
  public init(
    _ parameters: [Parameter], learningRate: Double, momentum: Double = 0, nesterov: Bool = false,
    weightDecay: Double = 0
  ) {
    OptimizerCheck.parameters(parameters, "SGD")
    Self.check(learningRate)
    OptimizerCheck.decay(momentum, "momentum", "SGD")
    OptimizerCheck.notNegative(weightDecay, "weightDecay", "SGD")
    require(!nesterov || momentum > 0, "SGD: expected momentum > 0 with nesterov, got \(momentum)")
    self.parameters = parameters
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    velocities = ParameterBuffers("momentum", count: parameters.count)
  }

  private static func check(_ learningRate: Double) {
    OptimizerCheck.notNegative(learningRate, "learningRate", "SGD")
  }

  /// Changes the parameters by their gradients.
  public func step() {
    let rule = UpdateRule.sgd(
      learningRate: learningRate, momentum: momentum, nesterov: nesterov, weightDecay: weightDecay)
    forEachMovable { index, parameter in
      parameter.apply(rule, buffers: momentum > 0 ? [velocities.buffer(at: index, like: parameter)] : [])
    }
  }

  /// The momentum of each parameter that has any: `momentum.0` and so on.
  ///
  /// - Returns: Tensors by name.
  public func stateDictionary() -> [String: Tensor] { velocities.state }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of an SGD for the same parameters.
  /// - Throws: An error of code `.badData` if it does not fit; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    var rest = state
    var loaded = velocities
    try loaded.take(from: &rest, for: parameters)
    try ParameterBuffers.requireNone(left: rest)
    velocities = loaded
  }
}
