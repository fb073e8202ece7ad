/// A line of the screen: pieces of text with styles, and the total width.
package struct StyledLine: Equatable {
  /// The style of a piece of text, as an ANSI code. The colors are those of the terminal's palette, which fits its
  /// background.
  package enum Style: String {
    case plain = ""
    case strong = "1"
    case faint = "2"
    case done = "32"
    case warning = "1;31"
    case training = "36"
    case validation = "35"
  }

  package struct Piece: Equatable {
    var text: String
    let style: Style
  }

  private(set) var pieces: [Piece] = []
  /// The width of the line in columns of the terminal.
  package private(set) var columns = 0

  /// Creates a line of one piece.
  package init(_ text: String = "", _ style: Style = .plain) { append(text, style) }

  /// Appends a text.
  package mutating func append(_ text: String, _ style: Style = .plain) {
    if text.isEmpty { return }
    columns += Self.columns(of: text)
    if let last = pieces.indices.last, pieces[last].style == style {
      pieces[last].text += text
    } else {
      pieces.append(Piece(text: text, style: style))
    }
  }

  /// Appends the pieces of another line.
  package mutating func append(_ line: StyledLine) {
    for piece in line.pieces { append(piece.text, piece.style) }
  }

  /// Appends `line` so that it ends at column `width`, if at least two spaces fit before it; otherwise does nothing.
  package mutating func append(_ line: StyledLine, rightAlignedAt width: Int) {
    guard columns + 2 + line.columns <= width else { return }
    append(String(repeating: " ", count: width - columns - line.columns))
    append(line)
  }

  /// Returns the line truncated to `width` columns.
  package func truncated(to width: Int) -> StyledLine {
    if columns <= width { return self }
    var line = StyledLine()
    for piece in pieces {
      var text = ""
      var rest = width - line.columns
      for character in piece.text {
        rest -= Self.columns(of: String(character))
        if rest < 0 { break }
        text.append(character)
      }
      line.append(text, piece.style)
      if rest < 0 { break }
    }
    return line
  }

  /// Returns the text of the line, with escape sequences only if `color` is true.
  package func text(color: Bool) -> String {
    pieces.map { piece in
      color && piece.style != .plain ? "\u{1B}[\(piece.style.rawValue)m\(piece.text)\u{1B}[0m" : piece.text
    }.joined()
  }

  /// Returns an upper bound of the width of `text` in columns: two for each scalar outside of ranges known to be
  /// narrow. File names can contain anything, and a line that is too short is better than one that wraps.
  package static func columns(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { sum, scalar in
      switch scalar.value {
      case ..<0x1100, 0x1E00..<0x2300, 0x2500..<0x25A0, 0x2800..<0x2900: sum + 1
      default: sum + 2
      }
    }
  }
}
