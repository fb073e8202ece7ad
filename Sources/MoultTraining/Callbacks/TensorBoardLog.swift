import MoultCore
import MoultFormats
import MoultPlatform

/// Writes the metrics of each epoch to a TensorBoard event file. Each epoch is written before the next one begins.
///
/// ```swift
/// let log = try TensorBoardLog(path: "runs/first/" + TensorBoardLog.fileName)    // tensorboard --logdir runs
/// ```
///
/// The tags are `loss/train`, `loss/validation`, `accuracy/train`, `accuracy/validation`, `gap/loss` (validation loss
/// minus training loss, both in evaluation mode), `loss/train_evaluation`, `accuracy/train_evaluation`,
/// `learning_rate`, `samples_per_second`, `dropout_rate/<layer>` for scheduled layers, and `validation/<metric>` and
/// `train_evaluation/<metric>` for the metrics of the trainer. Metrics that an epoch does not have are left out. The
/// step of an event is the number of training steps. TensorBoard stores values as Float32.
public final class TensorBoardLog: Callback {
  /// A file name that TensorBoard recognizes. TensorBoard reads every file with `tfevents` in its name and shows each
  /// folder as one run, so write each run to a folder of its own.
  public static let fileName = "events.tfevents"

  /// The path of the file.
  public var path: String { file.path }
  private let file: LogFile
  private let now: () -> Double

  /// Creates the file, or empties an existing one.
  ///
  /// - Parameter path: A path whose file name contains `tfevents`, such as one that ends in `fileName`.
  /// - Throws: An error of code `.usage` for another file name, or of code `.cannotWrite`.
  public convenience init(path: String) throws(MoultError) {
    try self.init(path: path, now: Self.systemTime)
  }

  /// Continues the file of a resumed run. Removes the records after `step` and an incomplete record at the end, which a
  /// crash may have left. Creates the file if it does not exist.
  ///
  /// - Parameters:
  ///   - path: A path whose file name contains `tfevents`.
  ///   - step: The number of steps before the run resumes: `trainer.completedSteps`.
  /// - Throws: An error of code `.badData` if the file is not an event file; then nothing has changed. An error of code
  ///   `.usage` for another file name, or of code `.noInput` or `.cannotWrite`.
  public convenience init(path: String, appendingAfterStep step: Int) throws(MoultError) {
    try self.init(path: path, appendingAfterStep: step, now: Self.systemTime)
  }

  /// - Parameters:
  ///   - path: A path whose file name contains `tfevents`.
  ///   - step: The number of steps after which records are removed; nil to empty the file.
  ///   - now: Returns the time in seconds since 1970.
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

  /// Appends the record of an epoch.
  ///
  /// - Throws: An error of code `.cannotWrite` if it cannot be written.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    try file.append(EventFile.scalars(Self.scalars(of: epoch), step: epoch.steps, wallTime: now()))
  }

  private static func scalars(of epoch: EpochRecord) -> [(tag: String, value: Double)] {
    func group(_ name: String, _ values: [String: Double]?) -> [(tag: String, value: Double?)] {
      (values ?? [:]).sorted { $0.key < $1.key }.map { ("\(name)/\($0.key)", $0.value) }
    }
    let scalars: [(tag: String, value: Double?)] =
      [
        ("loss/train", epoch.trainLoss), ("loss/validation", epoch.validationLoss),
        ("accuracy/train", epoch.trainAccuracy), ("accuracy/validation", epoch.validationAccuracy),
        ("gap/loss", epoch.lossGap),
        ("loss/train_evaluation", epoch.trainEvaluationLoss),
        ("accuracy/train_evaluation", epoch.trainEvaluationAccuracy), ("learning_rate", epoch.learningRate),
        ("samples_per_second", epoch.samplesPerSecond),
      ] + group("dropout_rate", epoch.dropoutRates) + group("validation", epoch.validationMetrics)
      + group("train_evaluation", epoch.trainEvaluationMetrics)
    return scalars.compactMap { tag, value in value.map { (tag, $0) } }
  }

  private static func systemTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
