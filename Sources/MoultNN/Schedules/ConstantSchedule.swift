/// The same learning rate at every step.
public struct ConstantSchedule: LearningRateSchedule {
  /// The learning rate.
  public let base: Double

  /// Makes the schedule.
  ///
  /// - Parameter base: The learning rate.
  public init(_ base: Double) { self.base = base }

  /// The learning rate, whatever the step.
  public func learningRate(at step: Int) -> Double { base }
}
