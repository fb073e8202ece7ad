import Moult

/// One screen of the walk: a text, a drawing of numbers that were computed on the spot, and the findings in words.
///
/// The words are the same in the terminal and on the page; only the drawing differs.
protocol Chapter {
  /// The word that JSON knows it by.
  static var name: String { get }
  var title: String { get }
  /// The explanation before the drawing, in plain words.
  var introduction: String { get }
  /// The findings; the numbers choose the words.
  var findings: [String] { get }
  /// The drawing for a terminal, in lines of at most `TextStyle.width` columns.
  func drawing(_ style: TextStyle) -> [String]
  /// The drawing for the page.
  var figure: String { get }
  /// Lines for a terminal after everything else: what to do next. The page has a section for that.
  var nextSteps: [String] { get }
  /// The numbers as members of JSON.
  var members: [JSONOutput.Member] { get }
}

extension Chapter {
  var nextSteps: [String] { [] }

  /// The chapter as lines of text: `number` and title with the seed at the right, words, drawing, words.
  func lines(number: Int, seed: UInt64, style: TextStyle) -> [String] {
    let head = "\(number). \(title)", tail = "seed \(seed)"
    let gap = String(repeating: " ", count: max(2, TextStyle.width - head.count - tail.count))
    return [style.strong(head) + gap + tail] + TextStyle.wrapped(introduction)
      + drawing(style) + findings.flatMap(TextStyle.wrapped) + nextSteps
  }

  /// The chapter as one line of JSON.
  func json(number: Int, seed: UInt64) -> JSONOutput {
    .object(
      [
        .init(key: "schema", value: 1), .init(key: "event", value: "chapter"),
        .init(key: "chapter", value: .integer(number)), .init(key: "name", value: .string(Self.name)),
        .init(key: "title", value: .string(title)), .init(key: "seed", value: .unsigned(seed)),
      ] + members + [.init(key: "findings", value: .array(findings.map { .string($0) }))])
  }
}
