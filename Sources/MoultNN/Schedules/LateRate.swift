import MoultCore

/// A dropout rate that is 0 at the beginning of training and constant afterwards (late dropout): the network first fits
/// without regularization, and dropout then limits overfitting.
///
///     rate(step) = step < steps ? 0 : rate
///
/// - Source: [Liu et al. 2023](https://arxiv.org/abs/2303.01500), section 5.
public struct LateRate: Schedule {
  /// The rate at step `steps` and later.
  public let value: Double
  /// The number of steps without dropout.
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - value: The rate at step `steps` and later, 0 to 1.
  ///   - steps: The number of steps without dropout, at least 0.
  public init(_ value: Double, after steps: Int) {
    requireRate(value, "LateRate")
    require(steps >= 0, "LateRate: expected at least 0 steps, got \(steps)")
    self.value = value
    self.steps = steps
  }

  /// Returns the rate at a step, counted from 0.
  public func value(at step: Int) -> Double { step < steps ? 0 : value }
}
