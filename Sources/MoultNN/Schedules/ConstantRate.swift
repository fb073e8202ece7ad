import MoultCore

/// The same rate at every step.
public struct ConstantRate: RateSchedule {
  /// The rate.
  public let value: Double

  /// Makes the schedule.
  ///
  /// - Parameter value: The probability of dropping, 0 to 1.
  public init(_ value: Double) {
    requireRate(value, "ConstantRate")
    self.value = value
  }

  /// The rate, whatever the step.
  public func rate(at step: Int) -> Double { value }
}
