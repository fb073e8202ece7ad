import MoultCore

/// The Adam optimizer: each update is scaled by moving averages of the gradient and of its square.
///
///     g = gradient + weightDecay · w
///     m = beta1 · m + (1 - beta1) · g,   v = beta2 · v + (1 - beta2) · g²
///     w = w - learningRate · m / (1 - beta1ᵗ) / (√(v / (1 - beta2ᵗ)) + epsilon)
///
/// - Complexity: O(*n*) time per step, and two buffers of the size of the parameters.
/// - Source: [Kingma and Ba 2015](https://arxiv.org/abs/1412.6980), algorithm 1, in the form of `torch.optim.Adam`.
public class Adam: GroupedOptimizer {
  private var engine: AdamEngine

  /// Makes an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to update, such as `model.parameters()`.
  ///   - learningRate: The learning rate, at least 0.
  ///   - beta1: The decay rate of the moving average of the gradient, from 0 to below 1.
  ///   - beta2: The decay rate of the moving average of the squared gradient, from 0 to below 1.
  ///   - epsilon: A number added to the divisor to avoid a division by 0, at least 0.
  ///   - weightDecay: The coefficient of the weights that is added to the gradient (L2 penalty), at least 0.
  ///   - groups: Parameters with settings of their own; see ``ParameterGroup``.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0, groups: [ParameterGroup] = []
  ) {
    self.init(
      AdamEngine(
        parameters, learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        weightDecay: weightDecay, groups: groups, isDecoupled: false))
  }

  init(_ engine: AdamEngine) { self.engine = engine }

  /// The parameters, and the learning rate and weight decay of each.
  public var settings: OptimizerSettings {
    get { engine.settings }
    set { engine.settings = newValue }
  }

  /// Updates the parameters by their gradients.
  public func step() {
    forEachMovable { engine.update($0, $1) }
    engine.settings.finishStep()
  }

  /// Returns the state: the moving averages `adam.first.0`, `adam.second.0` and so on, and `steps`, the number of steps
  /// that each parameter has taken.
  ///
  /// - Returns: Tensors by name. The number in a name is the index of the parameter.
  public func stateDictionary() -> [String: Tensor] { engine.state }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of an optimizer of the same kind for the same parameters.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) { try engine.load(state) }
}
