import Moult
import MoultPlatform

/// The two streams: results to standard output, everything else to standard error.
enum Console {
  /// Writes a result line. A full disk or a closed file is an error: a script must not take half a result for a whole
  /// one.
  static func result(_ line: String) throws(MoultError) {
    if let problem = StandardStream.output.write(line + "\n") { throw failure(problem) }
  }

  /// Writes some lines of a result, each with its end.
  static func part(_ text: String) throws(MoultError) {
    if let problem = StandardStream.output.write(text) { throw failure(problem) }
  }

  /// Writes a line about a run that leaves its result in a folder: a reader that has left (`| head -1`) is no reason to
  /// end the run. SIGPIPE must be ignored.
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

  /// Writes a message for people.
  static func message(_ line: String) {
    StandardStream.error.write(line + "\n")
  }

  /// The line for an error, in the words that the argument parser uses for its own. It may hold what a file or a server
  /// says, so that no control character gets through.
  static func text(of error: MoultError) -> String {
    if case .interrupted = error.code { return error.message.visible }
    return "Error: \(error)".visible
  }
}

/// Columns of text, aligned; numbers to the right.
struct TextTable {
  private var rows: [[String]]
  private let rightAligned: Set<Int>

  init(header: [String], rightAligned: Set<Int> = []) {
    rows = [header]
    self.rightAligned = rightAligned
  }

  /// A table of `rows`, the first of which is the header.
  init(_ rows: [[String]], rightAligned: Set<Int> = []) {
    self.rows = rows
    self.rightAligned = rightAligned
  }

  mutating func add(_ row: [String]) {
    rows.append(row)
  }

  /// The table's lines, without spaces at their ends.
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
