import MoultCore

/// A value that is multiplied by a constant factor at regular intervals.
///
///     value(step) = base · factor^⌊step / interval⌋
public struct StepSchedule: Schedule {
  /// The value at step 0.
  public let base: Double
  /// The number of steps between two changes.
  public let interval: Int
  /// The factor that the value is multiplied by at each change.
  public let factor: Double

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - base: The value at step 0.
  ///   - interval: The number of steps between two changes, at least 1.
  ///   - factor: The factor that the value is multiplied by at each change.
  public init(_ base: Double, every interval: Int, factor: Double = 0.1) {
    require(interval > 0, "StepSchedule: expected an interval of at least 1 step, got \(interval)")
    self.base = base
    self.interval = interval
    self.factor = factor
  }

  /// Returns the value at a step, counted from 0.
  public func value(at step: Int) -> Double {
    base * power(factor, Int64(max(step, 0) / interval))
  }
}
