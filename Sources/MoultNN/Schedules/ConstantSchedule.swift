/// A schedule with the same value at every step.
public struct ConstantSchedule: Schedule {
  /// The value at every step.
  public let value: Double

  /// Makes the schedule.
  ///
  /// - Parameter value: The value at every step.
  public init(_ value: Double) { self.value = value }

  /// Returns the value; `step` is ignored.
  public func value(at step: Int) -> Double { value }
}
