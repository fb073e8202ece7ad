import MoultCore
import MoultPlatform

/// A rate that moves from one value to another along half a cosine wave and then stays. It keeps the rounding of the
/// first version, from which `CosineSchedule` differs.
///
///     rate(step) = end + (start - end) · (1 + cos(π · min(step, steps) / steps)) / 2
///
/// - Source: The curve of [Loshchilov and Hutter 2017](https://arxiv.org/abs/1608.03983).
@available(*, deprecated, message: "use CosineSchedule, which may differ in the last bit")
public struct CosineRate: Schedule {
  /// The rate at step 0.
  public let start: Double
  /// The rate at step `steps` and later.
  public let end: Double
  /// The number of steps until `end` is reached.
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - start: The rate at step 0, 0 to 1.
  ///   - end: The rate at step `steps` and later, 0 to 1.
  ///   - steps: The number of steps until `end` is reached, at least 1.
  public init(from start: Double, to end: Double, over steps: Int) {
    requireRate(start, "CosineRate")
    requireRate(end, "CosineRate")
    require(steps > 0, "CosineRate: expected at least 1 step, got \(steps)")
    self.start = start
    self.end = end
    self.steps = steps
  }

  /// Returns the rate at a step, counted from 0.
  public func value(at step: Int) -> Double {
    let fraction = (1 + cos(.pi * fractionDone(step, of: steps))) / 2
    return fraction * start + (1 - fraction) * end
  }
}
