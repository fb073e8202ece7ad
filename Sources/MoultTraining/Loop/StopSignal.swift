import Synchronization

/// A request to stop training, made from any thread or from a signal handler and read by the trainer after every step.
///
///     let stop = StopSignal()
///     let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1, stopSignal: stop)
///     // elsewhere: stop.request()
///
/// A trainer that finds the request finishes its step and returns, with `History.interrupted` set.
public final class StopSignal: Sendable {
  /// The number of the interrupt signal, which `request()` stands for by default.
  public static let interrupt: Int32 = 2

  private let signal = Atomic<Int32>(0)

  /// A signal without a request to stop.
  public init() {}

  /// The first signal that asked to stop, or `nil` before any did.
  public var requestedSignal: Int32? {
    let value = signal.load(ordering: .acquiring)
    return value == 0 ? nil : value
  }

  /// Asks the trainer to stop after its current step.
  ///
  /// - Returns: true for the first request, false when one was there already (which stays).
  @discardableResult
  public func request(signal number: Int32 = StopSignal.interrupt) -> Bool {
    signal.compareExchange(expected: 0, desired: number, ordering: .acquiringAndReleasing).exchanged
  }

  /// Puts a request in the place of another one, unless that has changed meanwhile.
  func replace(_ earlier: Int32, by number: Int32) -> Bool {
    signal.compareExchange(expected: earlier, desired: number, ordering: .acquiringAndReleasing).exchanged
  }

  /// Forgets the request.
  public func reset() {
    signal.store(0, ordering: .releasing)
  }
}
