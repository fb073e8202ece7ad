import CMoultKernels
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

/// The update of `Adam` and `AdamW`, in one pass over memory.
private struct AdamRule: UpdateRule {
  private let settings: mk_adam

  init(_ engine: AdamEngine, step: Int64) {
    settings = mk_adam(
      beta1: engine.beta1, beta2: engine.beta2, epsilon: engine.epsilon,
      decay: engine.isDecoupled ? 0 : engine.weightDecay,
      shrink: engine.isDecoupled ? 1 - engine.learningRate * engine.weightDecay : 1,
      step_size: engine.learningRate / (1 - power(engine.beta1, step)),
      root: (1 - power(engine.beta2, step)).squareRoot())
  }

  func update(
    _ count: Int, _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ buffers: [UnsafeMutablePointer<Float>]
  ) {
    withUnsafePointer(to: settings) { mk_adam_f32(count, weights, gradient, buffers[0], buffers[1], $0) }
  }

  func update(
    _ count: Int, _ weights: UnsafeMutablePointer<Double>, _ gradient: UnsafePointer<Double>,
    _ buffers: [UnsafeMutablePointer<Double>]
  ) {
    withUnsafePointer(to: settings) { mk_adam_f64(count, weights, gradient, buffers[0], buffers[1], $0) }
  }
}
