/// The former name of ``Schedule`` for learning rates.
@available(*, deprecated, renamed: "Schedule")
public typealias LearningRateSchedule = Schedule

/// The former name of ``Schedule`` for dropout rates.
@available(*, deprecated, renamed: "Schedule")
public typealias RateSchedule = Schedule

/// The former name of ``ConstantSchedule`` for dropout rates.
@available(*, deprecated, renamed: "ConstantSchedule")
public typealias ConstantRate = ConstantSchedule

/// The former name of ``LinearSchedule`` for dropout rates.
@available(*, deprecated, renamed: "LinearSchedule")
public typealias LinearRate = LinearSchedule

extension Schedule {
  /// Returns the value at a step, counted from 0.
  @available(*, deprecated, renamed: "value(at:)")
  public func learningRate(at step: Int) -> Double { value(at: step) }

  /// Returns the value at a step, counted from 0.
  @available(*, deprecated, renamed: "value(at:)")
  public func rate(at step: Int) -> Double { value(at: step) }
}

extension ConstantSchedule {
  /// The value at every step.
  @available(*, deprecated, renamed: "value")
  public var base: Double { value }
}
