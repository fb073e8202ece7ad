import MoultCore

/// What `Adam` and `AdamW` share: the settings, the moments and the arithmetic.
struct AdamEngine {
  let parameters: [Parameter]
  var learningRate: Double { didSet { check() } }
  let beta1, beta2, epsilon, weightDecay: Double
  /// Whether weight decay shrinks the weights themselves (AdamW) or joins the gradient (Adam).
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
    OptimizerCheck.notNegative(weightDecay, "weightDecay", name)
    check()
  }

  private var name: String { isDecoupled ? "AdamW" : "Adam" }

  private func check() { OptimizerCheck.notNegative(learningRate, "learningRate", name) }

  mutating func update(_ index: Int, _ parameter: Parameter, _ gradient: Tensor) {
    steps[index] += 1
    let rule = AdamRule(self, step: steps[index])
    let buffers = [first.buffer(at: index, like: parameter), second.buffer(at: index, like: parameter)]
    rule.apply(to: parameter, gradient: gradient, buffers: buffers)
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
    self = loaded
  }

  private static let stepsKey = "steps"
}

/// The update of `Adam` and `AdamW`.
private struct AdamRule: UpdateRule {
  let learningRate, beta1, beta2, epsilon, weightDecay: Double
  let isDecoupled: Bool
  /// 1 - beta1^t and √(1 - beta2^t): what the moments lack since they started from zero.
  let firstCorrection, secondCorrection: Double

  init(_ engine: AdamEngine, step: Int64) {
    learningRate = engine.learningRate
    beta1 = engine.beta1
    beta2 = engine.beta2
    epsilon = engine.epsilon
    weightDecay = engine.weightDecay
    isDecoupled = engine.isDecoupled
    firstCorrection = 1 - power(beta1, step)
    secondCorrection = (1 - power(beta2, step)).squareRoot()
  }

  func update<Scalar: BinaryFloatingPoint>(
    _ range: Range<Int>, weights: UnsafeMutablePointer<Scalar>, gradient: UnsafePointer<Scalar>,
    buffers: [UnsafeMutablePointer<Scalar>]
  ) {
    let first = buffers[0]
    let second = buffers[1]
    let shrink = isDecoupled ? Scalar(1 - learningRate * weightDecay) : 1
    let decay = isDecoupled ? 0 : Scalar(weightDecay)
    let new1 = Scalar(1 - beta1)
    let keep2 = Scalar(beta2)
    let new2 = Scalar(1 - beta2)
    let size = Scalar(learningRate / firstCorrection)
    let correction = Scalar(secondCorrection)
    let epsilon = Scalar(epsilon)
    for i in range {
      let w = weights[i] * shrink
      let g = gradient[i] + decay * w
      let m = first[i] + new1 * (g - first[i])
      let v = keep2 * second[i] + new2 * g * g
      first[i] = m
      second[i] = v
      weights[i] = w - size * m / (v.squareRoot() / correction + epsilon)
    }
  }
}
