import MoultCore
import MoultNN

/// Ends training when a weight is NaN or infinite, even if the loss is finite.
///
/// A trainer checks every loss, and checks all weights if the loss is not finite and when training ends. This callback
/// also checks the weights during training. It finds weights that do not affect the loss, such as those of a branch
/// that is rarely used.
///
/// - Complexity: O(*n*) time every `interval` steps; weights in row-major order are not copied.
public struct NonFiniteStop: Callback {
  private let named: [(name: String, parameter: Parameter)]
  /// The number of steps between two checks.
  public let interval: Int

  /// Makes the callback.
  ///
  /// - Parameters:
  ///   - model: The model whose weights are checked.
  ///   - interval: The number of steps between two checks, at least 1.
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
