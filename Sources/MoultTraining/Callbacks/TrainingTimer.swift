import MoultCore
import MoultFormats

/// Ends training after the epoch in which a time is up.
///
/// The time runs from the beginning of each call of `fit`, by the clock on the wall: a run that goes on gets it anew. A
/// run that must end within a time is better stopped by a `StopSignal`, after a step, and saved to go on.
public final class TrainingTimer: Callback {
  /// Seconds that a call of `fit` gets.
  public let seconds: Double
  /// The reason to end training, once there is one.
  public private(set) var stopReason: String?
  private let now: () -> Double
  private var start = 0.0

  /// Makes the callback.
  ///
  /// - Parameter seconds: Seconds that a call of `fit` gets, above 0.
  public convenience init(seconds: Double) {
    let clock = ContinuousClock()
    let origin = clock.now
    self.init(seconds: seconds, now: { (clock.now - origin) / .seconds(1) })
  }

  package init(seconds: Double, now: @escaping () -> Double) {
    require(seconds > 0, "TrainingTimer: expected seconds > 0, got \(seconds)")
    (self.seconds, self.now) = (seconds, now)
  }

  /// Starts the clock.
  public func onTrainBegin(_ plan: TrainingPlan) { (start, stopReason) = (now(), nil) }

  /// Looks at the clock.
  public func onEpochEnd(_ epoch: EpochRecord) {
    if now() - start >= seconds {
      stopReason = "\(NumberFormat.significant(seconds)) seconds were up in epoch \(epoch.epoch)"
    }
  }
}
