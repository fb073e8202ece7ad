/// The same value at every step.
public struct ConstantSchedule: Schedule {
  /// The value.
  public let value: Double

  /// Makes the schedule.
  ///
  /// - Parameter value: The value of every step.
  public init(_ value: Double) { self.value = value }

  /// The value, whatever the step.
  public func value(at step: Int) -> Double { value }
}
