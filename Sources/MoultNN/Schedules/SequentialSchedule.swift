import MoultCore

/// A value that follows one schedule after the other.
///
///     value(step) = schedules[i](step - milestones[i - 1])   for milestones[i - 1] <= step < milestones[i]
///
/// ```swift
/// // A warm-up, half a cosine wave to a tenth, and a second one to 0.
/// let rate = SequentialSchedule(
///   [WarmUp(steps: 500, then: CosineSchedule(0.1, to: 0.01, over: 4_500)), CosineSchedule(0.05, over: 5_000)],
///   milestones: [5_000])
/// ```
///
/// - Source: `torch.optim.lr_scheduler.SequentialLR`.
public struct SequentialSchedule: Schedule {
  /// The schedules. Each starts with its step 0.
  public let schedules: [any Schedule]
  /// The steps at which the second and each later schedule start.
  public let milestones: [Int]

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - schedules: The schedules, at least one. Each starts with its step 0.
  ///   - milestones: The steps at which the second and each later schedule start: one less than schedules, increasing,
  ///     at least 1.
  public init(_ schedules: [any Schedule], milestones: [Int]) {
    require(
      !schedules.isEmpty && milestones.count == schedules.count - 1,
      "SequentialSchedule: expected a milestone for each schedule but the first, got \(milestones.count) for "
        + "\(schedules.count) schedules")
    require(
      zip([0] + milestones, milestones).allSatisfy { $0 < $1 },
      "SequentialSchedule: expected increasing milestones from 1 on, got \(milestones)")
    self.schedules = schedules
    self.milestones = milestones
  }

  /// Returns the value at a step, counted from 0.
  public func value(at step: Int) -> Double {
    let index = milestones.prefix { $0 <= step }.count
    return schedules[index].value(at: index == 0 ? step : step - milestones[index - 1])
  }
}
