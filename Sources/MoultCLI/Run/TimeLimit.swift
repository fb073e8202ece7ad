import Moult
import MoultPlatform

/// Ends training after the step in which the time is up, as a signal does: the run can go on from there.
final class TimeLimit: Callback {
  /// The signal that the stop signal holds when the time is up.
  static let signal = SIGALRM

  /// The most seconds there may be: some thirty years, which a clock can add.
  static let greatestSeconds = 1e9

  private let end: ContinuousClock.Instant
  private let stopSignal: StopSignal

  /// - Parameter seconds: The time from now on, at most `greatestSeconds`.
  init(seconds: Double, _ stopSignal: StopSignal) {
    end = ContinuousClock.now + .seconds(seconds)
    self.stopSignal = stopSignal
  }

  func onStepEnd(_ step: StepRecord) {
    if ContinuousClock.now >= end { stopSignal.request(signal: Self.signal) }
  }
}
