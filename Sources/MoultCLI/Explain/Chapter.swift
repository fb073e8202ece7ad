import Moult

/// One chapter of `moult explain`: an explanation, a drawing of numbers that are computed at run time, and findings in
/// words.
///
/// The texts are the same in the terminal and on the HTML page; only the drawing differs.
protocol Chapter {
  /// The name of the chapter in JSON.
  static var name: String { get }
  var title: String { get }
  /// The explanation before the drawing.
  var introduction: String { get }
  /// The findings in sentences that depend on the computed numbers.
  var findings: [String] { get }
  /// Returns the drawing for a terminal, in lines of at most `TextStyle.width` columns.
  func drawing(_ style: TextStyle) -> [String]
  /// The drawing for the HTML page.
  var figure: String { get }
  /// The lines that a terminal shows at the end: what to do next. The HTML page has a section for that.
  var nextSteps: [String] { get }
  /// The computed numbers as members of JSON.
  var members: [JSONOutput.Member] { get }
}

extension Chapter {
  var nextSteps: [String] { [] }

  /// Returns the chapter as lines of text: the number and title with the seed at the right, introduction, drawing,
  /// findings.
  func lines(number: Int, seed: UInt64, style: TextStyle) -> [String] {
    let head = "\(number). \(title)", tail = "seed \(seed)"
    let gap = String(repeating: " ", count: max(2, TextStyle.width - head.count - tail.count))
    return [style.strong(head) + gap + tail] + TextStyle.wrapped(introduction)
      + drawing(style) + findings.flatMap(TextStyle.wrapped) + nextSteps
  }

  /// Returns the chapter as one line of JSON.
  func json(number: Int, seed: UInt64) -> JSONOutput {
    .object(
      [
        .init(key: "schema", value: 1), .init(key: "event", value: "chapter"),
        .init(key: "chapter", value: .integer(number)), .init(key: "name", value: .string(Self.name)),
        .init(key: "title", value: .string(title)), .init(key: "seed", value: .unsigned(seed)),
      ] + members + [.init(key: "findings", value: .array(findings.map { .string($0) }))])
  }
}
