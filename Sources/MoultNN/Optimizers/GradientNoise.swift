import MoultCore
import MoultPlatform

/// An optimizer that adds Gaussian noise to the gradients before another optimizer takes its step. The variance of the
/// noise decreases from step to step.
///
///     g = g + σ(t) · z,   z ~ N(0, 1),   σ(t)² = variance / (1 + t)^decay
///
/// ```swift
/// let optimizer = GradientNoise(SGD(model.parameters(), learningRate: 0.1), variance: 0.3)
/// ```
///
/// In the terms of Documentation/MaskLaw.md, the noise of parameter `i` is drawn in domain 4 with the layer number
/// `stream`, call 2³² - 1 - `i` and step `t`, the number of steps that this optimizer has taken. Without `stream:` each
/// optimizer gets a stream number of its own, counted since the seed was set: two optimizers draw different noise, and
/// the same program under the same seed draws the same noise. Pass `stream:` if a process makes the optimizer several
/// times and each run must draw the same noise. A parameter that is frozen or has no gradient gets no noise, and does
/// not change the noise of others.
///
/// - Complexity: O(*n*) time per step, with a normally distributed number for every weight, which is slow compared with
///   the step of most optimizers.
/// - Source: [Neelakantan et al. 2015](https://arxiv.org/abs/1511.06807), section 3; `variance` is 0.01, 0.3 or 1
///   there.
public final class GradientNoise: Optimizer {
  /// The wrapped optimizer, which updates the parameters.
  public let optimizer: any Optimizer
  /// The variance of the noise in the first step.
  public let variance: Double
  /// The exponent of the decrease of the variance over the steps: 0 keeps the variance constant.
  public let decay: Double
  private var steps = 0
  private var stream: UInt32

  /// Wraps an optimizer.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer that updates the parameters.
  ///   - variance: The variance of the noise in the first step, at least 0.
  ///   - decay: The exponent of the decrease of the variance over the steps, at least 0. 0 keeps the variance constant.
  ///   - stream: The stream number that the noise is drawn from, 0 to 2³¹ - 1; nil for the next free one.
  public init(_ optimizer: any Optimizer, variance: Double = 0.3, decay: Double = 0.55, stream: Int? = nil) {
    OptimizerCheck.notNegative(variance, "variance", "GradientNoise")
    OptimizerCheck.notNegative(decay, "decay", "GradientNoise")
    self.optimizer = optimizer
    self.variance = variance
    self.decay = decay
    self.stream = gradientNoiseStream(stream)
  }

  /// The parameters that the optimizer updates.
  public var parameters: [Parameter] { optimizer.parameters }

  /// The learning rate of the wrapped optimizer's next step.
  public var learningRate: Double {
    get { optimizer.learningRate }
    set { optimizer.learningRate = newValue }
  }

  /// The weight decay coefficient of the wrapped optimizer.
  public var weightDecay: Double {
    get { optimizer.weightDecay }
    set { optimizer.weightDecay = newValue }
  }

  /// The standard deviation of the noise in the next step.
  public var standardDeviation: Double {
    (variance * exp(-decay * log(1 + Double(steps)))).squareRoot()
  }

  /// Adds noise to the gradients and updates the parameters.
  public func step() {
    let deviation = standardDeviation
    if deviation > 0 { withGradients(false) { addNoise(deviation) } }
    optimizer.step()
    steps += 1
  }

  private func addNoise(_ deviation: Double) {
    for (index, parameter) in parameters.enumerated() where !parameter.isFrozen {
      guard let gradient = parameter.gradient else { continue }
      let noise = gradientNoise(of: index, like: gradient, stream: stream, step: steps)
      parameter.gradient = gradient + noise * deviation
    }
  }

  /// Returns the state of the wrapped optimizer, the number of steps as `gradientNoise.steps`, and the stream number as
  /// `gradientNoise.stream`.
  public func stateDictionary() -> [String: Tensor] {
    var state = optimizer.stateDictionary()
    state[Self.stepsKey] = Tensor([Int64(steps)], shape: [])
    state[Self.streamKey] = Tensor([Int64(stream)], shape: [])
    return state
  }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of a `GradientNoise` around an optimizer of the same kind.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    var rest = state
    let steps = try Self.take(Self.stepsKey, "a count of steps", from: &rest)
    let stream = try Self.take(Self.streamKey, "the number of a stream", from: &rest)
    try optimizer.load(rest)
    (self.steps, self.stream) = (Int(steps), stream)
  }

  private static func take(
    _ key: String, _ what: String, from state: inout [String: Tensor]
  ) throws(MoultError) -> UInt32 {
    guard let value = state.removeValue(forKey: key), value.shape.isEmpty, !value.dtype.isFloatingPoint,
      let number = UInt32(exactly: value.item(as: Int64.self))
    else {
      throw MoultError(.badData, "optimizer state \(key): expected \(what); was it saved with gradient noise?")
    }
    return number
  }

  private static let stepsKey = "gradientNoise.steps"
  private static let streamKey = "gradientNoise.stream"
}
