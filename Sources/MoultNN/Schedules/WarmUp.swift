import MoultCore

/// A value that first grows evenly to where another schedule begins, and then follows that.
///
///     value(step) = step < steps ? next(0) · (step + 1) / steps : next(step - steps)
///
/// - Source: [Goyal et al. 2017](https://arxiv.org/abs/1706.02677), section 2.2.
public struct WarmUp: Schedule {
  /// The number of steps of growth.
  public let steps: Int
  /// The schedule after the growth.
  public let next: any Schedule

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - steps: The number of steps of growth; 0 for none.
  ///   - next: The schedule after the growth; its step 0 comes right after the growth.
  public init(steps: Int, then next: any Schedule) {
    require(steps >= 0, "WarmUp: expected at least 0 steps, got \(steps)")
    self.steps = steps
    self.next = next
  }

  /// The value of one step.
  public func value(at step: Int) -> Double {
    guard step < steps else { return next.value(at: step - steps) }
    return next.value(at: 0) * Double(max(step, 0) + 1) / Double(steps)
  }
}
