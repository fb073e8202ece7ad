import MoultCore
import MoultPlatform

/// A dropout rate that increases from 0 towards a limit, fast at first (curriculum dropout).
///
///     rate(step) = rate · (1 - e^(-10 · step / steps))
///
/// The paper writes it as a keep probability, (1 - k) · e^(-γ · step) + k with k = 1 - rate and γ = 10 / steps.
///
/// - Source: [Morerio et al. 2017](https://arxiv.org/abs/1703.06229), equation 4; `steps` is the length of training.
public struct CurriculumRate: Schedule {
  /// The rate that the schedule approaches.
  public let value: Double
  /// The number of steps of the training. At this step the rate is `value` · (1 - e^-10).
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - value: The rate that the schedule approaches, 0 to 1.
  ///   - steps: The number of steps of the training, at least 1. At this step the rate is `value` · (1 - e^-10).
  public init(_ value: Double, over steps: Int) {
    requireRate(value, "CurriculumRate")
    require(steps > 0, "CurriculumRate: expected at least 1 step, got \(steps)")
    self.value = value
    self.steps = steps
  }

  /// Returns the rate at a step, counted from 0.
  public func value(at step: Int) -> Double {
    value * (1 - exp(-Self.steepness * Double(max(step, 0)) / Double(steps)))
  }

  /// The product of γ and the number of steps in the paper.
  private static let steepness = 10.0
}
