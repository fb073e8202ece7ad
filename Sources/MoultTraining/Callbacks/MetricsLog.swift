import MoultCore
import MoultFormats

/// Writes one JSON object per epoch to a file (`metrics.jsonl`), each line handed to the system before the next epoch
/// begins: it outlives the program, though perhaps not a loss of power.
///
/// The names are those of `EpochRecord`: a line decodes as one, and `read(_:)` reads them all.
public final class MetricsLog: Callback {
  /// The path of the file.
  public var path: String { file.path }
  private let file: LogFile

  /// Creates the file, or empties it when it exists.
  public init(path: String) throws(MoultError) {
    file = try LogFile(path, "the metrics")
  }

  /// Continues the file of a run that is resumed: lines after `epoch`, which a crash may have left, and a torn one at
  /// the end are cut off first. A file that is not there is created.
  ///
  /// - Parameter epoch: The epochs that the run goes on from: `trainer.completedEpochs`.
  /// - Throws: An error of code `.badData` if a line before is not one of a metrics log; then nothing has changed.
  public init(path: String, appendingAfterEpoch epoch: Int) throws(MoultError) {
    file = try LogFile(appendingTo: path, "the metrics") { bytes throws(MoultError) in
      try MetricsLines(bytes, location: path).byteCount(upToEpoch: epoch)
    }
  }

  /// Appends the epoch's line.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    try file.append((epoch.json.line + "\n").utf8)
  }

  /// Reads the epochs of a file that a metrics log has written.
  ///
  /// - Throws: An error of code `.noInput` if it cannot be read, of code `.badData` with the number of the line if one
  ///   is no epoch of this schema, does not end, or does not come after the one before.
  public static func read(_ path: String) throws(MoultError) -> [EpochRecord] {
    let lines = MetricsLines(try InputFile(path).bytes(), location: path)
    var records: [EpochRecord] = []
    for index in lines.complete.indices { records.append(try lines.record(at: index, after: records.last)) }
    try lines.requireEnd()
    return records
  }

  /// Reads the epochs up to one, for a run that is resumed: lines that a crash left behind them are not read.
  ///
  /// - Throws: The errors of `read(_:)`, about these lines.
  package static func read(_ path: String, upToEpoch epoch: Int) throws(MoultError) -> [EpochRecord] {
    let lines = MetricsLines(try InputFile(path).bytes(), location: path)
    var records: [EpochRecord] = []
    for index in lines.complete.indices {
      let record = try lines.record(at: index, after: records.last)
      if record.epoch > epoch { break }
      records.append(record)
    }
    return records
  }
}
