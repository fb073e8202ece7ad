import Moult
import MoultPlatform

/// A callback that stops training after the step in which the time limit is reached, as a signal does. The run can be
/// resumed.
final class TimeLimit: Callback {
  /// The signal that is reported when the time limit is reached.
  static let signal = SIGALRM

  /// The largest time limit in seconds, about thirty years, which does not overflow the clock.
  static let greatestSeconds = 1e9

  private let end: ContinuousClock.Instant
  private let stopSignal: StopSignal

  /// Creates the callback.
  ///
  /// - Parameters:
  ///   - seconds: The time from now on, at most `greatestSeconds`.
  ///   - stopSignal: The stop signal of the training.
  init(seconds: Double, _ stopSignal: StopSignal) {
    end = ContinuousClock.now + .seconds(seconds)
    self.stopSignal = stopSignal
  }

  func onStepEnd(_ step: StepRecord) {
    if ContinuousClock.now >= end { stopSignal.request(signal: Self.signal) }
  }
}
