import MoultCore

/// A rate that moves evenly from one value to another and then stays.
///
///     rate(step) = start + (end - start) · min(step, steps) / steps
public struct LinearRate: RateSchedule {
  /// The rate of step 0.
  public let start: Double
  /// The rate from step `steps` on.
  public let end: Double
  /// The number of steps from the start to the end.
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - start: The rate of step 0, 0 to 1.
  ///   - end: The rate from step `steps` on, 0 to 1.
  ///   - steps: The number of steps from the start to the end, at least 1.
  public init(from start: Double, to end: Double, over steps: Int) {
    requireRate(start, "LinearRate")
    requireRate(end, "LinearRate")
    require(steps > 0, "LinearRate: expected at least 1 step, got \(steps)")
    self.start = start
    self.end = end
    self.steps = steps
  }

  /// The rate of one step.
  public func rate(at step: Int) -> Double {
    let progress = shareDone(step, of: steps)
    return (1 - progress) * start + progress * end
  }
}
