import MoultCore
import MoultPlatform

/// Adds noise to the gradients before another optimizer takes its step, less and less as training goes on.
///
///     g = g + σ(t) · z,   z ~ N(0, 1),   σ(t)² = variance / (1 + t)^decay
///
/// ```swift
/// let optimizer = GradientNoise(SGD(model.parameters(), learningRate: 0.1), variance: 0.3)
/// ```
///
/// Parameter `i` draws, in domain 4 of the mask law, from the optimizer's stream and call 2³² - 1 - `i`, at step `t`,
/// which counts the steps of this optimizer. Without `stream:` each optimizer has a stream of its own, by the count of
/// what was made without a number under the current seed: two of them, such as for two networks or groups of
/// parameters, draw different noise, and the same program under the same seed draws the same. Pin the stream of one
/// that is made anew for a run that must repeat within a process. Parameters that are frozen or have no gradient draw
/// nothing and move nothing.
///
/// - Complexity: O(*n*) time a step, with a Gaussian for every weight: costly beside a step of the optimizer itself.
/// - Source: [Neelakantan et al. 2015](https://arxiv.org/abs/1511.06807), section 3; `variance` is 0.01, 0.3 or 1
///   there.
public final class GradientNoise: Optimizer {
  /// The optimizer that takes the step.
  public let optimizer: any Optimizer
  /// The variance of the first step's noise.
  public let variance: Double
  /// The power of the step by which the variance falls.
  public let decay: Double
  private var steps = 0
  private var stream: UInt32

  /// Wraps an optimizer.
  ///
  /// - Parameters:
  ///   - optimizer: The optimizer that takes the step.
  ///   - variance: The variance of the first step's noise, at least 0.
  ///   - decay: The power of the step by which the variance falls, at least 0.
  ///   - stream: The optimizer's number in the mask law, 0 to 2³¹ - 1, to pin it.
  public init(_ optimizer: any Optimizer, variance: Double = 0.3, decay: Double = 0.55, stream: Int? = nil) {
    OptimizerCheck.notNegative(variance, "variance", "GradientNoise")
    OptimizerCheck.notNegative(decay, "decay", "GradientNoise")
    self.optimizer = optimizer
    self.variance = variance
    self.decay = decay
    self.stream = gradientNoiseStream(stream)
  }

  /// The parameters that a step changes.
  public var parameters: [Parameter] { optimizer.parameters }

  /// The size of the next step.
  public var learningRate: Double {
    get { optimizer.learningRate }
    set { optimizer.learningRate = newValue }
  }

  /// The strength of the pull of all weights towards 0.
  public var weightDecay: Double {
    get { optimizer.weightDecay }
    set { optimizer.weightDecay = newValue }
  }

  /// The standard deviation of the next step's noise.
  public var standardDeviation: Double {
    (variance * exp(-decay * log(1 + Double(steps)))).squareRoot()
  }

  /// Adds the noise and takes the step.
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

  /// The state of the wrapped optimizer, the count of steps as `gradientNoise.steps`, and `gradientNoise.stream`.
  ///
  /// - Returns: Tensors by name.
  public func stateDictionary() -> [String: Tensor] {
    var state = optimizer.stateDictionary()
    state[Self.stepsKey] = Tensor([Int64(steps)], shape: [])
    state[Self.streamKey] = Tensor([Int64(stream)], shape: [])
    return state
  }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of a `GradientNoise` around an optimizer of the same kind.
  /// - Throws: An error of code `.badData` if it does not fit; then nothing has changed.
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
