import MoultCore

/// The settings, state and update rule that `Adam` and `AdamW` share.
struct AdamEngine {
  let parameters: [Parameter]
  var learningRate: Double { didSet { check() } }
  var weightDecay: Double { didSet { check() } }
  let beta1, beta2, epsilon: Double
  /// Whether weight decay scales the weights (AdamW) or is added to the gradient (Adam).
  let isDecoupled: Bool
  private var first, second: ParameterBuffers
  /// The number of steps that each parameter has taken.
  private var steps: [Int64]

  init(
    _ parameters: [Parameter], learningRate: Double, beta1: Double, beta2: Double, epsilon: Double,
    weightDecay: Double, isDecoupled: Bool
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
    first = ParameterBuffers("adam.first", count: parameters.count)
    second = ParameterBuffers("adam.second", count: parameters.count)
    steps = Array(repeating: 0, count: parameters.count)
    OptimizerCheck.parameters(parameters, name)
    OptimizerCheck.decay(beta1, "beta1", name)
    OptimizerCheck.decay(beta2, "beta2", name)
    OptimizerCheck.notNegative(epsilon, "epsilon", name)
    check()
  }

  private var name: String { isDecoupled ? "AdamW" : "Adam" }

  private func check() {
    OptimizerCheck.notNegative(weightDecay, "weightDecay", name)
    OptimizerCheck.notNegative(learningRate, "learningRate", name)
  }

  mutating func update(_ index: Int, _ parameter: Parameter) {
    steps[index] += 1
    let rule = UpdateRule.adam(
      rate: learningRate / (1 - power(beta1, steps[index])), beta1: beta1, beta2: beta2, epsilon: epsilon,
      root: (1 - power(beta2, steps[index])).squareRoot(), weightDecay: isDecoupled ? 0 : weightDecay,
      shrink: isDecoupled ? 1 - learningRate * weightDecay : 1)
    parameter.apply(
      rule, buffers: [first.buffer(at: index, like: parameter), second.buffer(at: index, like: parameter)])
  }

  var state: [String: Tensor] {
    var state = first.state
    state.merge(second.state) { first, _ in first }
    state[Self.stepsKey] = Tensor(steps, shape: [steps.count])
    return state
  }

  mutating func load(_ state: [String: Tensor]) throws(MoultError) {
    var rest = state
    var loaded = self
    try loaded.first.take(from: &rest, for: parameters)
    try loaded.second.take(from: &rest, for: parameters)
    guard let counts = rest.removeValue(forKey: Self.stepsKey), counts.shape == [parameters.count],
      !counts.dtype.isFloatingPoint
    else {
      throw MoultError(
        .badData,
        "optimizer state \(Self.stepsKey): expected \(parameters.count) integers; is it another optimizer's state?")
    }
    try ParameterBuffers.requireNone(left: rest)
    loaded.steps = counts.scalars(as: Int64.self)
    for (index, count) in loaded.steps.enumerated() {
      let moments = state["adam.first.\(index)"] != nil && state["adam.second.\(index)"] != nil
      guard (0..<Int64(Int32.max)).contains(count), moments == (count > 0) else {
        throw MoultError(
          .badData,
          "optimizer state \(Self.stepsKey)[\(index)]: expected a count of steps with moments, or 0 with none, got \(count) with \(moments ? "moments" : "none")"
        )
      }
    }
    self = loaded
  }

  private static let stepsKey = "steps"
}
