import MoultCore

/// A value that moves evenly from one number to another and then stays.
///
///     value(step) = (1 - f) · start + f · end,   f = min(step, steps) / steps
///
/// Between two dropout rates it never leaves 0...1, whatever the rounding.
public struct LinearSchedule: Schedule {
  /// The value of step 0.
  public let start: Double
  /// The value from step `steps` on.
  public let end: Double
  /// The number of steps from the start to the end.
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - start: The value of step 0.
  ///   - end: The value from step `steps` on.
  ///   - steps: The number of steps from the start to the end, at least 1.
  public init(from start: Double, to end: Double, over steps: Int) {
    require(steps > 0, "LinearSchedule: expected at least 1 step, got \(steps)")
    self.start = start
    self.end = end
    self.steps = steps
  }

  /// The value of one step.
  public func value(at step: Int) -> Double {
    let progress = fractionDone(step, of: steps)
    return (1 - progress) * start + progress * end
  }
}
