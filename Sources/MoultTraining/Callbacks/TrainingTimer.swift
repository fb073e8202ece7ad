import MoultCore
import MoultFormats

/// Ends training after the epoch in which a time limit is reached.
///
/// The limit applies to each call of `fit` separately, in wall-clock time. For a hard limit on a run, use a
/// `StopSignal`, which stops after a step, and save the training to resume it.
public final class TrainingTimer: Callback {
  /// The time limit of a call of `fit` in seconds.
  public let seconds: Double
  /// The reason to end training; nil until the limit is reached.
  public private(set) var stopReason: String?
  private let now: () -> Double
  private var start = 0.0

  /// Makes the callback.
  ///
  /// - Parameter seconds: The time limit of a call of `fit` in seconds, above 0.
  public convenience init(seconds: Double) {
    let clock = ContinuousClock()
    let origin = clock.now
    self.init(seconds: seconds, now: { (clock.now - origin) / .seconds(1) })
  }

  package init(seconds: Double, now: @escaping () -> Double) {
    require(seconds > 0, "TrainingTimer: expected seconds > 0, got \(seconds)")
    (self.seconds, self.now) = (seconds, now)
  }

  /// Starts measuring the time.
  public func onTrainBegin(_ plan: TrainingPlan) { (start, stopReason) = (now(), nil) }

  /// Sets `stopReason` if the time limit is reached.
  public func onEpochEnd(_ epoch: EpochRecord) {
    if now() - start >= seconds {
      stopReason = "\(NumberFormat.significant(seconds)) seconds were up in epoch \(epoch.epoch)"
    }
  }
}
