import MoultCore

/// A value that increases linearly to the first value of another schedule and then follows that schedule.
///
///     value(step) = step < steps ? next(0) · (step + 1) / steps : next(step - steps)
///
/// It composes with every schedule, also with a ``SequentialSchedule`` or another warm-up.
///
/// - Source: [Goyal et al. 2017](https://arxiv.org/abs/1706.02677), section 2.2.
public struct WarmUp: Schedule {
  /// The number of steps of the linear increase.
  public let steps: Int
  /// The schedule after the increase. It starts with its step 0.
  public let next: any Schedule

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - steps: The number of steps of the linear increase, at least 0.
  ///   - next: The schedule after the increase. It starts with its step 0.
  public init(steps: Int, then next: any Schedule) {
    require(steps >= 0, "WarmUp: expected at least 0 steps, got \(steps)")
    self.steps = steps
    self.next = next
  }

  /// Returns the value at a step, counted from 0.
  public func value(at step: Int) -> Double {
    guard step < steps else { return next.value(at: step - steps) }
    return next.value(at: 0) * Double(max(step, 0) + 1) / Double(steps)
  }
}
