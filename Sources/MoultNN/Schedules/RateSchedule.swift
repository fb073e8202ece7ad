/// The probability of dropping as a function of the step, so that a resumed run goes on where it was.
///
/// ```swift
/// let rates = ScheduledRates(model, CurriculumRate(0.5, over: 10_000))
/// let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1, rates: rates)
/// ```
public protocol RateSchedule: Sendable {
  /// The rate of one step.
  ///
  /// - Parameter step: The number of steps done before, from 0.
  /// - Returns: The probability of dropping, 0 to 1.
  func rate(at step: Int) -> Double
}

/// The share of `steps` that is done at `step`, 0 to 1.
func shareDone(_ step: Int, of steps: Int) -> Double { Double(min(max(step, 0), steps)) / Double(steps) }
