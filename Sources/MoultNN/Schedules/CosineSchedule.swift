import MoultCore
import MoultPlatform

/// A value that moves from one number to another, by default to 0, along half a cosine wave and then stays.
///
///     value(step) = floor + (base - floor) · (1 + cos(π · min(step, steps) / steps)) / 2
///
/// If both numbers are in 0...1, so is every value, rounding included: a schedule between two dropout rates is valid.
///
/// - Source: [Loshchilov and Hutter 2017](https://arxiv.org/abs/1608.03983), without restarts.
public struct CosineSchedule: Schedule {
  /// The value at step 0.
  public let base: Double
  /// The value at step `steps` and later.
  public let floor: Double
  /// The number of steps until `floor` is reached.
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - base: The value at step 0.
  ///   - floor: The value at step `steps` and later.
  ///   - steps: The number of steps until `floor` is reached, at least 1.
  public init(_ base: Double, to floor: Double = 0, over steps: Int) {
    require(steps > 0, "CosineSchedule: expected at least 1 step, got \(steps)")
    self.base = base
    self.floor = floor
    self.steps = steps
  }

  /// Returns the value at a step, counted from 0.
  public func value(at step: Int) -> Double {
    floor + (base - floor) * (1 + cos(.pi * fractionDone(step, of: steps))) / 2
  }
}
