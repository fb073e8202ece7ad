import MoultCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A learning rate that falls along half a cosine wave and then stays.
///
///     rate(step) = floor + (base - floor) · (1 + cos(π · step / steps)) / 2
///
/// - Source: [Loshchilov and Hutter 2017](https://arxiv.org/abs/1608.03983), without restarts.
public struct CosineSchedule: LearningRateSchedule {
  /// The learning rate at the start.
  public let base: Double
  /// The learning rate from the end on.
  public let floor: Double
  /// The number of steps from the start to the end.
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - base: The learning rate at the start.
  ///   - floor: The learning rate from the end on.
  ///   - steps: The number of steps from the start to the end, at least 1.
  public init(_ base: Double, to floor: Double = 0, over steps: Int) {
    require(steps > 0, "CosineSchedule: expected at least 1 step, got \(steps)")
    self.base = base
    self.floor = floor
    self.steps = steps
  }

  /// The learning rate of one step.
  public func learningRate(at step: Int) -> Double {
    let progress = Double(min(max(step, 0), steps)) / Double(steps)
    return floor + (base - floor) * (1 + cos(.pi * progress)) / 2
  }
}
