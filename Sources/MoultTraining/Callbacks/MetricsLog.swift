import MoultCore
import MoultFormats

/// Writes one JSON object per epoch to a file (`metrics.jsonl`). Each line is passed to the operating system before the
/// next epoch begins, so it survives a crash of the program, but perhaps not a power failure.
///
/// The keys are the coding keys of `EpochRecord`. A line can be decoded as an `EpochRecord`; `read(_:)` reads all of
/// them.
public final class MetricsLog: Callback {
  /// The path of the file.
  public var path: String { file.path }
  private let file: LogFile

  /// Creates the file, or empties an existing one.
  ///
  /// - Throws: An error of code `.cannotWrite` if the file cannot be created.
  public init(path: String) throws(MoultError) {
    file = try LogFile(path, "the metrics")
  }

  /// Continues the file of a resumed run. Removes the lines after `epoch` and an incomplete line at the end, which a
  /// crash may have left. Creates the file if it does not exist.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - epoch: The number of epochs before the run resumes: `trainer.completedEpochs`.
  /// - Throws: An error of code `.badData` if a line up to `epoch` is not valid; then nothing has changed. An error of
  ///   code `.noInput` or `.cannotWrite` if the file cannot be read or written.
  public init(path: String, appendingAfterEpoch epoch: Int) throws(MoultError) {
    file = try LogFile(appendingTo: path, "the metrics") { bytes throws(MoultError) in
      try MetricsLines(bytes, location: path).byteCount(upToEpoch: epoch)
    }
  }

  /// Appends the line of an epoch.
  ///
  /// - Throws: An error of code `.cannotWrite` if it cannot be written.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    try file.append((epoch.json.line + "\n").utf8)
  }

  /// Reads the records of a file that a metrics log has written.
  ///
  /// - Throws: An error of code `.noInput` if the file cannot be read; of code `.badData` with the line number if a
  ///   line is not an epoch of this schema, has no line end, or does not come after the line before.
  public static func read(_ path: String) throws(MoultError) -> [EpochRecord] {
    let lines = MetricsLines(try InputFile(path).bytes(), location: path)
    var records: [EpochRecord] = []
    for index in lines.complete.indices { records.append(try lines.record(at: index, after: records.last)) }
    try lines.requireEnd()
    return records
  }

  /// Reads the records up to an epoch, for a resumed run. Later lines, which a crash may have left, are not returned.
  ///
  /// - Throws: The errors of `read(_:)` for the lines up to `epoch`.
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
