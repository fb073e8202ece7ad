import MoultCore
import MoultNN

/// Ends training when a weight is NaN or infinite, also where the loss does not show it.
///
/// A trainer looks at every loss by itself, and at all weights once the loss is not finite and when training ends. This
/// looks at the weights in between: those of a part that the loss does not depend on, such as a branch that is rarely
/// used.
///
/// - Complexity: O(*n*) time every `interval` steps, without a copy where weights are stored row by row.
public struct NonFiniteStop: Callback {
  private let named: [(name: String, parameter: Parameter)]
  /// The steps from one check to the next.
  public let interval: Int

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - model: The model whose weights are checked.
  ///   - interval: The steps from one check to the next, at least 1.
  public init(_ model: some Module, every interval: Int = 100) {
    require(interval >= 1, "NonFiniteStop: expected an interval of at least 1 step, got \(interval)")
    (named, self.interval) = (model.namedParameters(), interval)
  }

  /// Checks the weights every `interval` steps.
  ///
  /// - Throws: An error of code `.diverged` that names the parameter and the step.
  public func onStepEnd(_ step: StepRecord) throws(MoultError) {
    guard step.step.isMultiple(of: interval),
      let first = named.first(where: { !$0.parameter.value.detached().isFinite })
    else { return }
    throw MoultError(
      .diverged,
      "the parameter \(first.name) is not finite, lower the learning rate or clip the gradients "
        + "(learning rate \(step.learningRate))",
      location: "epoch \(step.epoch), after step \(step.step)")
  }
}
