/// The metrics of a call of `Trainer.fit`.
public struct History: Codable, Sendable, Equatable {
  /// The records of the finished epochs, oldest first.
  public var epochs: [EpochRecord] = []
  /// The number of steps taken by this call, including those of an unfinished epoch.
  public var steps = 0
  /// The number of training samples processed by this call, including those of an unfinished epoch.
  public var samples = 0
  /// The number of seconds spent in training steps, without validation and the callbacks after each epoch.
  public var seconds = 0.0
  /// The number of the signal that ended training early (2 for Ctrl-C or the cancellation of the task, 15 for a
  /// termination request, 10 for SIGUSR1 on Linux); nil if no signal did.
  public var interrupted: Int32?
  /// The reason for which a callback ended training early; nil if none did.
  public var stopReason: String?

  /// Makes an empty history.
  public init() {}

  /// The record of the last finished epoch; nil if there is none.
  public var last: EpochRecord? { epochs.last }

  /// The number of training samples per second of `seconds`; 0 if no time was spent.
  public var samplesPerSecond: Double { seconds > 0 ? Double(samples) / seconds : 0 }
}
