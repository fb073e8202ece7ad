/// The name of ``Schedule`` when learning rates and dropout rates had protocols of their own.
@available(*, deprecated, renamed: "Schedule")
public typealias LearningRateSchedule = Schedule

/// The name of ``Schedule`` when learning rates and dropout rates had protocols of their own.
@available(*, deprecated, renamed: "Schedule")
public typealias RateSchedule = Schedule

/// The name of ``ConstantSchedule`` for dropout rates.
@available(*, deprecated, renamed: "ConstantSchedule")
public typealias ConstantRate = ConstantSchedule

/// The name of ``LinearSchedule`` for dropout rates.
@available(*, deprecated, renamed: "LinearSchedule")
public typealias LinearRate = LinearSchedule

extension Schedule {
  /// The value of one step.
  @available(*, deprecated, renamed: "value(at:)")
  public func learningRate(at step: Int) -> Double { value(at: step) }

  /// The value of one step.
  @available(*, deprecated, renamed: "value(at:)")
  public func rate(at step: Int) -> Double { value(at: step) }
}

extension ConstantSchedule {
  /// The value of every step.
  @available(*, deprecated, renamed: "value")
  public var base: Double { value }
}
