import MoultCore
import MoultPlatform

/// A rate that grows from 0, fast at first: examples get harder as the network learns.
///
///     rate(step) = rate · (1 - e^(-10 · step / steps))
///
/// The keep probability is then (1 - k) · e^(-γ · step) + k with k = 1 - rate and γ = 10 / steps, as the paper writes
/// it.
///
/// - Source: [Morerio et al. 2017](https://arxiv.org/abs/1703.06229), equation 4; `steps` is the length of training.
public struct CurriculumRate: Schedule {
  /// The rate that is approached.
  public let value: Double
  /// The number of steps after which all but e^-10 of the rate is there.
  public let steps: Int

  /// Makes the schedule.
  ///
  /// - Parameters:
  ///   - value: The rate that is approached, 0 to 1.
  ///   - steps: The number of steps of training, at least 1.
  public init(_ value: Double, over steps: Int) {
    requireRate(value, "CurriculumRate")
    require(steps > 0, "CurriculumRate: expected at least 1 step, got \(steps)")
    self.value = value
    self.steps = steps
  }

  /// The rate of one step.
  public func value(at step: Int) -> Double {
    value * (1 - exp(-Self.steepness * Double(max(step, 0)) / Double(steps)))
  }

  /// γ · `steps` in the paper.
  private static let steepness = 10.0
}
