import MoultCore
import MoultFormats

/// Writes one row per epoch to a CSV file (`metrics.csv`), each handed to the system before the next epoch begins.
///
/// The columns are those of `EpochRecord` in the order of `metrics.jsonl`, a column `dropout_rate/<layer>` for each
/// scheduled layer among them. Numbers are the shortest that read back as the same Double; a value that an epoch does
/// not have is an empty field.
///
/// - Source: [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180), lines end in CRLF as it says.
public final class CSVLog: Callback {
  /// The path of the file.
  public var path: String { file.path }
  private let file: LogFile
  /// The header that the file has; nil until there is one.
  private var header: [UInt8]?

  /// Creates the file, or empties it when it exists. The header comes with the first epoch.
  public init(path: String) throws(MoultError) {
    file = try LogFile(path, "the metrics")
  }

  /// Continues the file of a run that is resumed: rows after `epoch`, which a crash may have left, and a torn one at
  /// the end are cut off first. A file that is not there is created.
  ///
  /// - Parameter epoch: The epochs that the run goes on from: `trainer.completedEpochs`.
  /// - Throws: An error of code `.badData` if a row before does not begin with an epoch; then nothing has changed.
  public init(path: String, appendingAfterEpoch epoch: Int) throws(MoultError) {
    var header: [UInt8]?
    file = try LogFile(appendingTo: path, "the metrics") { bytes throws(MoultError) in
      let rows = Self.rows(of: bytes)
      header = rows.first.map { Array($0) }
      return try Self.byteCount(of: rows, upToEpoch: epoch, location: path)
    }
    self.header = header
  }

  /// Appends the epoch's row, after the header if it is the first.
  ///
  /// - Throws: An error of code `.badData` if the file that was there has other columns.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    let columns = Self.columns(of: epoch)
    let names = Self.row(columns.map(\.name)), values = Self.row(columns.map(\.value))
    if let header {
      guard header == names else {
        throw MoultError(
          .badData,
          "expected the columns \(Self.visible(names)), got \(Self.visible(header)); is it the log of another run?",
          location: path)
      }
      try file.append(values)
    } else {
      try file.append(names + values)
      header = names
    }
  }

  private static func columns(of epoch: EpochRecord) -> [(name: String, value: String)] {
    func text(_ value: Double?) -> String { value.map { JSONOutput.number($0).line } ?? "" }
    let rates = (epoch.dropoutRates ?? [:]).sorted { $0.key < $1.key }
    let evaluation: [(name: String, value: String)] =
      epoch.trainEvaluationLoss == nil
      ? []
      : [
        ("train_evaluation_loss", text(epoch.trainEvaluationLoss)),
        ("train_evaluation_accuracy", text(epoch.trainEvaluationAccuracy)),
      ]
    return [
      ("epoch", String(epoch.epoch)), ("steps", String(epoch.steps)), ("train_loss", text(epoch.trainLoss)),
      ("train_accuracy", text(epoch.trainAccuracy)), ("validation_loss", text(epoch.validationLoss)),
      ("validation_accuracy", text(epoch.validationAccuracy)),
    ] + evaluation + [("learning_rate", text(epoch.learningRate))]
      + rates.map { ("dropout_rate/\($0.key)", text($0.value)) } + [
        ("seconds", text(epoch.seconds)), ("samples_per_second", text(epoch.samplesPerSecond)),
      ]
  }

  private static func row(_ fields: [String]) -> [UInt8] {
    Array((fields.map(\.quotedForCSV).joined(separator: ",") + "\r\n").utf8)
  }

  /// The complete rows with their ends; a line break within quotes ends none.
  private static func rows(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var rows: [ArraySlice<UInt8>] = []
    var start = 0, isQuoted = false
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n"), !isQuoted {
        rows.append(bytes[start...index])
        start = index + 1
      }
    }
    return rows
  }

  private static func byteCount(
    of rows: [ArraySlice<UInt8>], upToEpoch epoch: Int, location: String
  ) throws(MoultError) -> Int {
    var count = rows.first?.count ?? 0
    for (index, row) in rows.enumerated().dropFirst() {
      guard let number = Int(String(decoding: row.prefix { $0 != UInt8(ascii: ",") }, as: UTF8.self)) else {
        throw MoultError(
          .badData, "expected a row that begins with the number of an epoch, got \(visible(row))",
          location: "\(location), row \(index + 1)")
      }
      if number > epoch { break }
      count += row.count
    }
    return count
  }

  private static func visible(_ row: some Collection<UInt8>) -> String {
    "\"" + String(decoding: row.filter { $0 != 0x0D && $0 != 0x0A }.prefix(200), as: UTF8.self).visible + "\""
  }
}
