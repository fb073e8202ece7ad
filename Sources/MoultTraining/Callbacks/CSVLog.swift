import MoultCore
import MoultFormats

/// Writes one row per epoch to a CSV file (`metrics.csv`). Each row is written before the next epoch begins.
///
/// The columns are the fields of `EpochRecord` in the order of `metrics.jsonl`, with one column `dropout_rate/<layer>`
/// for each scheduled layer, and `validation/<metric>` and `train_evaluation/<metric>` for each metric of the trainer.
/// A number is written with the fewest digits that give the same Double when read, and as `null` if it is not finite; a
/// missing value is an empty field.
///
/// - Source: [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180), including line ends of CRLF.
public final class CSVLog: Callback {
  /// The path of the file.
  public var path: String { file.path }
  private let file: LogFile
  /// The header row of the file; nil if the file has none yet.
  private var header: [UInt8]?

  /// Creates the file, or empties an existing one. The header is written with the first epoch.
  ///
  /// - Throws: An error of code `.cannotWrite` if the file cannot be created.
  public init(path: String) throws(MoultError) {
    file = try LogFile(path, "the metrics")
  }

  /// Continues the file of a resumed run. Removes the rows after `epoch` and an incomplete row at the end, which a
  /// crash may have left. Creates the file if it does not exist.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - epoch: The number of epochs before the run resumes: `trainer.completedEpochs`.
  /// - Throws: An error of code `.badData` if a row up to `epoch` does not begin with an epoch number; then nothing has
  ///   changed. An error of code `.noInput` or `.cannotWrite` if the file cannot be read or written.
  public init(path: String, appendingAfterEpoch epoch: Int) throws(MoultError) {
    var header: [UInt8]?
    file = try LogFile(appendingTo: path, "the metrics") { bytes throws(MoultError) in
      let rows = Self.rows(of: bytes)
      header = rows.first.map { Array($0) }
      return try Self.byteCount(of: rows, upToEpoch: epoch, location: path)
    }
    self.header = header
  }

  /// Appends the row of an epoch, preceded by the header if the file has none.
  ///
  /// - Throws: An error of code `.badData` if the header of the file has other columns, or of code `.cannotWrite`.
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
    func columns(_ prefix: String, _ values: [String: Double]?) -> [(name: String, value: String)] {
      (values ?? [:]).sorted { $0.key < $1.key }.map { ("\(prefix)/\($0.key)", text($0.value)) }
    }
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
    ] + columns("validation", epoch.validationMetrics) + evaluation
      + columns("train_evaluation", epoch.trainEvaluationMetrics) + [("learning_rate", text(epoch.learningRate))]
      + columns("dropout_rate", epoch.dropoutRates) + [
        ("seconds", text(epoch.seconds)), ("samples_per_second", text(epoch.samplesPerSecond)),
      ]
  }

  private static func row(_ fields: [String]) -> [UInt8] {
    Array((fields.map(\.quotedForCSV).joined(separator: ",") + "\r\n").utf8)
  }

  /// Returns the complete rows, each with its line end. A line break within quotes does not end a row.
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
