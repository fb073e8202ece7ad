/// A setting of training as a function of the step: a learning rate, a dropout rate or a weight decay.
///
/// A schedule keeps nothing between steps, so a resumed run goes on where it was.
///
/// ```swift
/// let rates = ScheduledRates(model, CurriculumRate(0.5, over: 10_000))
/// let trainer = Trainer(
///   model, optimizer: optimizer, loss: crossEntropy, seed: 1,
///   schedule: WarmUp(steps: 500, then: CosineSchedule(0.1, over: 9_500)), rates: rates)
/// ```
public protocol Schedule: Sendable {
  /// The value for one step.
  ///
  /// - Parameter step: The number of steps done before, from 0.
  /// - Returns: A learning rate, a probability of dropping from 0 to 1, or a weight decay.
  func value(at step: Int) -> Double
}

/// The fraction of `steps` that is done at `step`, 0 to 1.
func fractionDone(_ step: Int, of steps: Int) -> Double { Double(min(max(step, 0), steps)) / Double(steps) }
