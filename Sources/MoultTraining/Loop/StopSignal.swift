import Synchronization

/// A request to stop training. It can be set from any thread or signal handler; the trainer checks it after every step.
///
///     let stop = StopSignal()
///     let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1, stopSignal: stop)
///     // elsewhere: stop.request()
///
/// When a stop is requested, the trainer finishes the current step, and `fit` returns with `History.interrupted` set.
/// Cancelling the task that calls `fit` does the same.
public final class StopSignal: Sendable {
  /// The number of SIGINT, the default signal of `request(signal:)`.
  public static let interrupt: Int32 = 2

  private let signal = Atomic<Int32>(0)

  /// Makes a stop signal without a request.
  public init() {}

  /// The signal number of the request; nil if there is no request.
  public var requestedSignal: Int32? {
    let value = signal.load(ordering: .acquiring)
    return value == 0 ? nil : value
  }

  /// Requests the trainer to stop after its current step.
  ///
  /// - Parameter number: The signal number of the request, which is reported in `History.interrupted`; not 0.
  /// - Returns: Whether this is the first request. An existing request is kept.
  @discardableResult
  public func request(signal number: Int32 = StopSignal.interrupt) -> Bool {
    signal.compareExchange(expected: 0, desired: number, ordering: .acquiringAndReleasing).exchanged
  }

  /// Replaces the request `earlier` by another one. Returns false and changes nothing if the current request is not
  /// `earlier`.
  func replace(_ earlier: Int32, by number: Int32) -> Bool {
    signal.compareExchange(expected: earlier, desired: number, ordering: .acquiringAndReleasing).exchanged
  }

  /// Removes the request.
  public func reset() {
    signal.store(0, ordering: .releasing)
  }
}
