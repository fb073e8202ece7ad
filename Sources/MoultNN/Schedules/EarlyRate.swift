import MoultCore

/// Dropout at the beginning of training only: it makes the first steps of different batches agree, so that a network
/// that is too small for its data fits them better.
///
///     rate(step) = step < steps ? rate · (isFalling ? 1 - step / steps : 1) : 0
///
/// - Source: [Liu et al. 2023](https://arxiv.org/abs/2303.01500), who let a rate of 0.1 fall over the first sixth of
///   training.
public struct EarlyRate: Schedule {
  /// The rate of step 0.
  public let value: Double
  /// The number of steps with dropout.
  public let steps: Int
  /// Whether the rate falls evenly to 0, or stays and then ends.
  public let isFalling: Bool

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - value: The rate of step 0, 0 to 1.
  ///   - steps: The number of steps with dropout, at least 1.
  ///   - isFalling: Whether the rate falls evenly to 0, or stays and then ends.
  public init(_ value: Double, for steps: Int, isFalling: Bool = true) {
    requireRate(value, "EarlyRate")
    require(steps > 0, "EarlyRate: expected at least 1 step, got \(steps)")
    self.value = value
    self.steps = steps
    self.isFalling = isFalling
  }

  /// The rate of one step.
  public func value(at step: Int) -> Double {
    if step >= steps { return 0 }
    return isFalling ? value * (1 - fractionDone(step, of: steps)) : value
  }
}
