import MoultCore

/// Dropout towards the end of training only: the network first fits freely, then is kept from fitting too closely.
///
///     rate(step) = step < steps ? 0 : rate
///
/// - Source: [Liu et al. 2023](https://arxiv.org/abs/2303.01500), section 5.
public struct LateRate: Schedule {
  /// The rate from step `steps` on.
  public let value: Double
  /// The number of steps without dropout.
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - value: The rate from step `steps` on, 0 to 1.
  ///   - steps: The number of steps without dropout, at least 0.
  public init(_ value: Double, after steps: Int) {
    requireRate(value, "LateRate")
    require(steps >= 0, "LateRate: expected at least 0 steps, got \(steps)")
    self.value = value
    self.steps = steps
  }

  /// The rate of one step.
  public func value(at step: Int) -> Double { step < steps ? 0 : value }
}
