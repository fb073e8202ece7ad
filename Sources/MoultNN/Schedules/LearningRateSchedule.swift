/// The learning rate as a function of the step, so that a resumed run goes on where it was.
public protocol LearningRateSchedule: Sendable {
  /// The learning rate of one step.
  ///
  /// - Parameter step: The number of steps done before, from 0.
  /// - Returns: The learning rate.
  func learningRate(at step: Int) -> Double
}
