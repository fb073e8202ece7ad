import Moult
import MoultPlatform

/// Writes results to standard output and messages to standard error.
enum Console {
  /// Writes a result line. Throws `.cannotWrite` for a full disk or a closed pipe, so that a script does not take an
  /// incomplete result for a complete one.
  static func result(_ line: String) throws(MoultError) {
    if let problem = StandardStream.output.write(line + "\n") { throw failure(problem) }
  }

  /// Writes part of a result, with its line breaks. Throws like `result`.
  static func part(_ text: String) throws(MoultError) {
    if let problem = StandardStream.output.write(text) { throw failure(problem) }
  }

  /// Writes a line about a run whose results are saved in a folder. If the reader has closed the pipe (`| head -1`),
  /// the line is lost and the run continues. SIGPIPE must be ignored.
  static func report(_ line: String) throws(MoultError) {
    if let problem = StandardStream.output.write(line + "\n"), problem.code != EPIPE { throw failure(problem) }
  }

  private static func failure(_ problem: SystemCallError) -> MoultError {
    MoultError(
      .cannotWrite, "cannot write to standard output, the result is cut short; make room, or write elsewhere",
      cause: problem.text)
  }

  /// Writes a JSON result on one line.
  static func result(_ json: JSONOutput) throws(MoultError) {
    try result(json.line)
  }

  /// Writes an event of a run on one line.
  static func report(_ json: JSONOutput) throws(MoultError) {
    try report(json.line)
  }

  /// Writes a message to standard error.
  static func message(_ line: String) {
    StandardStream.error.write(line + "\n")
  }

  /// Returns the message for an error, in the style of the argument parser. Control characters are escaped, because the
  /// message may contain text from a file or a server.
  static func text(of error: MoultError) -> String {
    if case .interrupted = error.code { return error.message.visible }
    return "Error: \(error)".visible
  }
}

/// A table of text with aligned columns.
struct TextTable {
  private var rows: [[String]]
  private let rightAligned: Set<Int>

  init(header: [String], rightAligned: Set<Int> = []) {
    rows = [header]
    self.rightAligned = rightAligned
  }

  /// Creates a table of `rows`; the first row is the header.
  init(_ rows: [[String]], rightAligned: Set<Int> = []) {
    self.rows = rows
    self.rightAligned = rightAligned
  }

  mutating func add(_ row: [String]) {
    rows.append(row)
  }

  /// The lines of the table, without spaces at their ends.
  var lines: [String] {
    let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        rightAligned.contains(column) ? cell.0.leftPadded(to: cell.1) : cell.0.rightPadded(to: cell.1)
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
