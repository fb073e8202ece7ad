import MoultCore

/// The Lion optimizer: each weight changes by the learning rate, in the direction of the sign of an average of momentum
/// and gradient.
///
///     w = w · (1 - learningRate · weightDecay)
///     w = w - learningRate · sign(beta1 · m + (1 - beta1) · gradient)
///     m = beta2 · m + (1 - beta2) · gradient
///
/// Its authors take a learning rate 3 to 10 times smaller, and a weight decay as many times larger, than for `AdamW`.
///
/// - Edge cases: the sign of 0 is 0, and that of NaN is NaN.
/// - Complexity: O(*n*) time per step, and one buffer of the size of the parameters.
/// - Source: [Chen et al. 2023](https://arxiv.org/abs/2302.06675), algorithm 2, with the defaults of the package
///   `lion-pytorch`.
public final class Lion: GroupedOptimizer {
  /// The share of the momentum in the direction of an update, from 0 to below 1.
  public let beta1: Double
  /// The decay rate of the momentum, from 0 to below 1.
  public let beta2: Double
  /// The parameters, and the learning rate and weight decay of each.
  public var settings: OptimizerSettings
  private var velocities: ParameterBuffers

  /// Makes an optimizer.
  ///
  /// - Parameters:
  ///   - parameters: The parameters to update, such as `model.parameters()`.
  ///   - learningRate: The learning rate, at least 0.
  ///   - beta1: The share of the momentum in the direction of an update, from 0 to below 1.
  ///   - beta2: The decay rate of the momentum, from 0 to below 1.
  ///   - weightDecay: The weight decay coefficient, at least 0. Each step scales all weights by
  ///     `1 - learningRate · weightDecay`.
  ///   - groups: Parameters with settings of their own; see ``ParameterGroup``.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99,
    weightDecay: Double = 0, groups: [ParameterGroup] = []
  ) {
    settings = OptimizerSettings(
      parameters, learningRate: learningRate, weightDecay: weightDecay, groups: groups, name: "Lion")
    OptimizerCheck.decay(beta1, "beta1", "Lion")
    OptimizerCheck.decay(beta2, "beta2", "Lion")
    self.beta1 = beta1
    self.beta2 = beta2
    velocities = ParameterBuffers("lion.momentum", count: parameters.count)
  }

  /// Updates the parameters by their gradients.
  public func step() {
    withGradients(false) { forEachUpdate(update) }
    settings.finishStep()
  }

  private func update(_ index: Int, _ parameter: Parameter, _ gradient: Tensor) {
    let (learningRate, weightDecay) = (settings.learningRate(at: index), settings.weightDecay(at: index))
    let velocity = velocities.buffer(at: index, like: parameter)
    let average = velocity.value * beta1 + gradient * (1 - beta1)
    let one = Tensor.ones([], dtype: average.dtype)
    let sign = select(average .> 0, one, select(average .< 0, -one, average))
    parameter.value = parameter.value * (1 - learningRate * weightDecay) - sign * learningRate
    velocity.value = velocity.value * beta2 + gradient * (1 - beta2)
  }

  /// Returns the momentum of each parameter that has one, as `lion.momentum.0` and so on.
  ///
  /// - Returns: Tensors by name. The number in a name is the index of the parameter.
  public func stateDictionary() -> [String: Tensor] { state(with: velocities.state) }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of a Lion for the same parameters.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    try load(state, into: \.velocities)
  }
}
