import MoultCore

/// A value that moves linearly from one number to another and then stays.
///
///     value(step) = (1 - f) · start + f · end,   f = min(step, steps) / steps
///
/// If both numbers are in 0...1, so is every value, rounding included: a schedule between two dropout rates is valid.
public struct LinearSchedule: Schedule {
  /// The value at step 0.
  public let start: Double
  /// The value at step `steps` and later.
  public let end: Double
  /// The number of steps until `end` is reached.
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - start: The value at step 0.
  ///   - end: The value at step `steps` and later.
  ///   - steps: The number of steps until `end` is reached, at least 1.
  public init(from start: Double, to end: Double, over steps: Int) {
    require(steps > 0, "LinearSchedule: expected at least 1 step, got \(steps)")
    self.start = start
    self.end = end
    self.steps = steps
  }

  /// Returns the value at a step, counted from 0.
  public func value(at step: Int) -> Double {
    let progress = fractionDone(step, of: steps)
    return (1 - progress) * start + progress * end
  }
}
