import MoultCore
import MoultFormats
import MoultPlatform

/// Writes the figures of each epoch to an event file that TensorBoard shows, each epoch handed to the system before the
/// next begins.
///
/// ```swift
/// let log = try TensorBoardLog(path: "runs/first/" + TensorBoardLog.fileName)    // tensorboard --logdir runs
/// ```
///
/// The tags are `loss/train`, `loss/validation`, `accuracy/train`, `accuracy/validation`, `loss/train_evaluation`,
/// `accuracy/train_evaluation`, `gap/loss` (validation minus
/// training, both in evaluation mode), `learning_rate`, `samples_per_second` and `dropout_rate/<layer>` for scheduled
/// layers, each where the epoch has it. The step is the number of steps taken. TensorBoard keeps numbers in single
/// precision.
public final class TensorBoardLog: Callback {
  /// A name that TensorBoard finds. It looks at every file with `tfevents` in its name, and one file is one curve: give
  /// each run a folder of its own.
  public static let fileName = "events.tfevents"

  /// The path of the file.
  public var path: String { file.path }
  private let file: LogFile
  private let now: () -> Double

  /// Creates the file, or empties it when it exists.
  ///
  /// - Parameter path: A path whose last part holds `tfevents`, such as one that ends in `fileName`.
  public convenience init(path: String) throws(MoultError) {
    try self.init(path: path, now: Self.systemTime)
  }

  /// Continues the file of a run that is resumed: records after `step`, which a crash may have left, and a torn one at
  /// the end are cut off first. A file that is not there is created.
  ///
  /// - Parameter step: The steps that the run goes on from: `trainer.completedSteps`.
  /// - Throws: An error of code `.badData` if it is no event file; then nothing has changed.
  public convenience init(path: String, appendingAfterStep step: Int) throws(MoultError) {
    try self.init(path: path, appendingAfterStep: step, now: Self.systemTime)
  }

  /// - Parameter now: Seconds since 1970.
  package init(path: String, appendingAfterStep step: Int? = nil, now: @escaping () -> Double) throws(MoultError) {
    guard path.split(separator: "/").last?.contains("tfevents") == true else {
      throw MoultError(
        .usage,
        "expected a file name with \"tfevents\" in it, which is all that TensorBoard looks at; "
          + "use \(Self.fileName)", location: path)
    }
    self.now = now
    var isNew = true
    if let step {
      file = try LogFile(appendingTo: path, "the TensorBoard events") { bytes throws(MoultError) in
        let count = try EventFile.byteCount(of: bytes, upToStep: step, location: path)
        isNew = count == 0
        return count
      }
    } else {
      file = try LogFile(path, "the TensorBoard events")
    }
    if isNew { try file.append(EventFile.start(wallTime: now())) }
  }

  /// Appends the epoch's record.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    try file.append(EventFile.scalars(Self.scalars(of: epoch), step: epoch.steps, wallTime: now()))
  }

  private static func scalars(of epoch: EpochRecord) -> [(tag: String, value: Double)] {
    let scalars: [(tag: String, value: Double?)] =
      [
        ("loss/train", epoch.trainLoss), ("loss/validation", epoch.validationLoss),
        ("accuracy/train", epoch.trainAccuracy), ("accuracy/validation", epoch.validationAccuracy),
        ("gap/loss", epoch.lossGap),
        ("loss/train_evaluation", epoch.trainEvaluationLoss),
        ("accuracy/train_evaluation", epoch.trainEvaluationAccuracy), ("learning_rate", epoch.learningRate),
        ("samples_per_second", epoch.samplesPerSecond),
      ] + (epoch.dropoutRates ?? [:]).sorted { $0.key < $1.key }.map { ("dropout_rate/\($0.key)", $0.value) }
    return scalars.compactMap { tag, value in value.map { (tag, $0) } }
  }

  private static func systemTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
