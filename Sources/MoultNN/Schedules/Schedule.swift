/// A training setting as a function of the step, such as a learning rate, a dropout rate or a weight decay.
///
/// A schedule has no state, so a resumed run continues with the same values.
///
/// ```swift
/// let rates = ScheduledRates(model, CurriculumRate(0.5, over: 10_000))
/// let trainer = Trainer(
///   model, optimizer: optimizer, loss: crossEntropy, seed: 1,
///   schedule: WarmUp(steps: 500, then: CosineSchedule(0.1, over: 9_500)), rates: rates)
/// ```
public protocol Schedule: Sendable {
  /// Returns the value at a step.
  ///
  /// - Parameter step: The number of steps taken before this one, from 0.
  /// - Returns: A learning rate, a dropout rate (the probability of dropping, 0 to 1), or a weight decay coefficient.
  func value(at step: Int) -> Double
}

/// Returns the fraction of `steps` that is completed at `step`, limited to 0...1; `steps` is at least 1.
func fractionDone(_ step: Int, of steps: Int) -> Double { Double(min(max(step, 0), steps)) / Double(steps) }
