import MoultCore

/// Steps scaled by running estimates of each gradient's mean and mean square.
///
///     g = gradient + weightDecay · w
///     m = beta1 · m + (1 - beta1) · g,   v = beta2 · v + (1 - beta2) · g²
///     w = w - learningRate · m / (1 - beta1ᵗ) / (√(v / (1 - beta2ᵗ)) + epsilon)
///
/// - Complexity: O(*n*) time a step, two buffers as large as the parameters.
/// - Source: [Kingma and Ba 2015](https://arxiv.org/abs/1412.6980), algorithm 1, in the form of `torch.optim.Adam`.
public class Adam: Optimizer {
  private var engine: AdamEngine

  /// Makes an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to change: `model.parameters()`.
  ///   - learningRate: The size of a step, at least 0.
  ///   - beta1: The fraction of the mean that is kept at each step.
  ///   - beta2: The fraction of the mean square that is kept at each step.
  ///   - epsilon: Keeps the divisor away from 0.
  ///   - weightDecay: The strength of the pull of all weights towards 0, as part of the gradient.
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.init(
      AdamEngine(
        parameters, learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        weightDecay: weightDecay, isDecoupled: false))
  }

  init(_ engine: AdamEngine) { self.engine = engine }

  /// The parameters that a step changes.
  public var parameters: [Parameter] { engine.parameters }

  /// The size of the next step, at least 0.
  public var learningRate: Double {
    get { engine.learningRate }
    set { engine.learningRate = newValue }
  }

  /// The strength of the pull of all weights towards 0, at least 0.
  public var weightDecay: Double {
    get { engine.weightDecay }
    set { engine.weightDecay = newValue }
  }

  /// Changes the parameters by their gradients.
  public func step() { forEachMovable { engine.update($0, $1) } }

  /// The moments and the count of steps: `adam.first.0`, `adam.second.0`, `steps`.
  ///
  /// - Returns: Tensors by name.
  public func stateDictionary() -> [String: Tensor] { engine.state }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of an optimizer of the same kind for the same parameters.
  /// - Throws: An error of code `.badData` if it does not fit; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) { try engine.load(state) }
}
