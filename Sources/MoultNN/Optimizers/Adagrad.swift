import MoultCore

/// The Adagrad optimizer: each update is divided by the root of the sum of all squared gradients so far.
///
///     g = gradient + weightDecay · w
///     s = s + g²                          (s = initialAccumulatorValue before the first step)
///     w = w - learningRate / (1 + (t - 1) · learningRateDecay) · g / (√s + epsilon)
///
/// - Complexity: O(*n*) time per step, and one buffer of the size of the parameters.
/// - Source: [Duchi et al. 2011](https://jmlr.org/papers/v12/duchi11a.html), in the form of `torch.optim.Adagrad`.
public final class Adagrad: GroupedOptimizer {
  /// The decrease of the learning rate from step to step, at least 0.
  public let learningRateDecay: Double
  /// The value of the sum of squared gradients before the first step, at least 0.
  public let initialAccumulatorValue: Double
  /// A number added to the divisor to avoid a division by 0, at least 0.
  public let epsilon: Double
  /// The parameters, and the learning rate and weight decay of each.
  public var settings: OptimizerSettings
  private var sums: ParameterBuffers
  private var steps: StepCounts

  /// Makes an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to update, such as `model.parameters()`.
  ///   - learningRate: The learning rate, at least 0.
  ///   - learningRateDecay: The decrease of the learning rate from step to step, at least 0.
  ///   - weightDecay: The coefficient of the weights that is added to the gradient (L2 penalty), at least 0.
  ///   - initialAccumulatorValue: The value of the sum of squared gradients before the first step, at least 0.
  ///   - epsilon: A number added to the divisor to avoid a division by 0, at least 0.
  ///   - groups: Parameters with settings of their own; see ``ParameterGroup``.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-2, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulatorValue: Double = 0, epsilon: Double = 1e-10, groups: [ParameterGroup] = []
  ) {
    settings = OptimizerSettings(
      parameters, learningRate: learningRate, weightDecay: weightDecay, groups: groups, name: "Adagrad")
    OptimizerCheck.notNegative(learningRateDecay, "learningRateDecay", "Adagrad")
    OptimizerCheck.notNegative(initialAccumulatorValue, "initialAccumulatorValue", "Adagrad")
    OptimizerCheck.notNegative(epsilon, "epsilon", "Adagrad")
    self.learningRateDecay = learningRateDecay
    self.initialAccumulatorValue = initialAccumulatorValue
    self.epsilon = epsilon
    sums = ParameterBuffers("adagrad.sum", count: parameters.count, initialValue: initialAccumulatorValue)
    steps = StepCounts(count: parameters.count)
  }

  /// Updates the parameters by their gradients.
  public func step() {
    withGradients(false) { forEachUpdate(update) }
    settings.finishStep()
  }

  private func update(_ index: Int, _ parameter: Parameter, _ gradient: Tensor) {
    let weight = parameter.value
    let gradient = settings.decayed(gradient, of: weight, at: index)
    let sum = sums.buffer(at: index, like: parameter)
    sum.value = sum.value + gradient * gradient
    let rate = settings.learningRate(at: index) / (1 + Double(steps.next(at: index) - 1) * learningRateDecay)
    parameter.value = weight - gradient / (sqrt(sum.value) + epsilon) * rate
  }

  /// Returns the state: the sums of squared gradients `adagrad.sum.0` and so on, and `steps`, the number of steps that
  /// each parameter has taken.
  ///
  /// - Returns: Tensors by name. The number in a name is the index of the parameter.
  public func stateDictionary() -> [String: Tensor] {
    state(with: sums.state, steps.state)
  }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of an Adagrad for the same parameters.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    var rest = state
    var steps = steps
    try steps.take(from: &rest, buffers: "sums") { state["adagrad.sum.\($0)"] != nil }
    try load(rest, into: \.sums)
    self.steps = steps
  }
}
