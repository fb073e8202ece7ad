import MoultCore
import MoultPlatform

/// A value that moves from one number to another, 0 by default, along half a cosine wave and then stays.
///
///     value(step) = floor + (base - floor) · (1 + cos(π · min(step, steps) / steps)) / 2
///
/// Between two dropout rates it never leaves 0...1, whatever the rounding.
///
/// - Source: [Loshchilov and Hutter 2017](https://arxiv.org/abs/1608.03983), without restarts.
public struct CosineSchedule: Schedule {
  /// The value of step 0.
  public let base: Double
  /// The value from step `steps` on.
  public let floor: Double
  /// The number of steps from the start to the end.
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - base: The value of step 0.
  ///   - floor: The value from step `steps` on.
  ///   - steps: The number of steps from the start to the end, at least 1.
  public init(_ base: Double, to floor: Double = 0, over steps: Int) {
    require(steps > 0, "CosineSchedule: expected at least 1 step, got \(steps)")
    self.base = base
    self.floor = floor
    self.steps = steps
  }

  /// The value of one step.
  public func value(at step: Int) -> Double {
    floor + (base - floor) * (1 + cos(.pi * fractionDone(step, of: steps))) / 2
  }
}
