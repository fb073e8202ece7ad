import MoultCore

/// A dropout rate that is above 0 only at the beginning of training (early dropout). It makes the gradients of the
/// first steps more alike between batches, so that an underfitting network fits its data better.
///
///     rate(step) = step < steps ? rate · (isFalling ? 1 - step / steps : 1) : 0
///
/// - Source: [Liu et al. 2023](https://arxiv.org/abs/2303.01500), who let a rate of 0.1 fall over the first sixth of
///   training.
public struct EarlyRate: Schedule {
  /// The rate at step 0.
  public let value: Double
  /// The number of steps with dropout.
  public let steps: Int
  /// Whether the rate decreases linearly to 0 over `steps`; if false, it is constant and then 0.
  public let isFalling: Bool

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - value: The rate at step 0, 0 to 1.
  ///   - steps: The number of steps with dropout, at least 1.
  ///   - isFalling: Whether the rate decreases linearly to 0 over `steps`; if false, it is constant and then 0.
  public init(_ value: Double, for steps: Int, isFalling: Bool = true) {
    requireRate(value, "EarlyRate")
    require(steps > 0, "EarlyRate: expected at least 1 step, got \(steps)")
    self.value = value
    self.steps = steps
    self.isFalling = isFalling
  }

  /// Returns the rate at a step, counted from 0.
  public func value(at step: Int) -> Double {
    if step >= steps { return 0 }
    return isFalling ? value * (1 - fractionDone(step, of: steps)) : value
  }
}
