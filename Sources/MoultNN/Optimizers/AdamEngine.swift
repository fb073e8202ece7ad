import MoultCore

/// The settings, state and update rule that `Adam` and `AdamW` share.
struct AdamEngine {
  var settings: OptimizerSettings
  let beta1, beta2, epsilon: Double
  /// Whether weight decay scales the weights (AdamW) or is added to the gradient (Adam).
  let isDecoupled: Bool
  private var first, second: ParameterBuffers
  private var steps: StepCounts

  init(
    _ parameters: [Parameter], learningRate: Double, beta1: Double, beta2: Double, epsilon: Double,
    weightDecay: Double, groups: [ParameterGroup], isDecoupled: Bool
  ) {
    let name = isDecoupled ? "AdamW" : "Adam"
    settings = OptimizerSettings(
      parameters, learningRate: learningRate, weightDecay: weightDecay, groups: groups, name: name)
    OptimizerCheck.decay(beta1, "beta1", name)
    OptimizerCheck.decay(beta2, "beta2", name)
    OptimizerCheck.notNegative(epsilon, "epsilon", name)
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.isDecoupled = isDecoupled
    first = ParameterBuffers("adam.first", count: parameters.count)
    second = ParameterBuffers("adam.second", count: parameters.count)
    steps = StepCounts(count: parameters.count)
  }

  mutating func update(_ index: Int, _ parameter: Parameter) {
    let step = steps.next(at: index)
    let (learningRate, weightDecay) = (settings.learningRate(at: index), settings.weightDecay(at: index))
    let rule = UpdateRule.adam(
      rate: learningRate / (1 - power(beta1, step)), beta1: beta1, beta2: beta2, epsilon: epsilon,
      root: (1 - power(beta2, step)).squareRoot(), weightDecay: isDecoupled ? 0 : weightDecay,
      shrink: isDecoupled ? 1 - learningRate * weightDecay : 1)
    parameter.apply(
      rule, buffers: [first.buffer(at: index, like: parameter), second.buffer(at: index, like: parameter)])
  }

  var state: [String: Tensor] {
    [first.state, second.state, steps.state, settings.state].reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }

  mutating func load(_ state: [String: Tensor]) throws(MoultError) {
    var rest = state
    var loaded = self
    try loaded.first.take(from: &rest, for: settings.parameters)
    try loaded.second.take(from: &rest, for: settings.parameters)
    try loaded.settings.take(from: &rest)
    try loaded.steps.take(from: &rest, buffers: "moments") {
      state["adam.first.\($0)"] != nil && state["adam.second.\($0)"] != nil
    }
    try ParameterBuffers.requireNone(left: rest)
    self = loaded
  }
}
