/// A line of a screen: text in pieces that look different, of known width.
package struct StyledLine: Equatable {
  /// How a piece of text looks. The colors are those of the terminal's own palette, which suits its background.
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
  /// Columns of a terminal that the line takes.
  package private(set) var columns = 0

  /// A line of one piece.
  package init(_ text: String = "", _ style: Style = .plain) { append(text, style) }

  /// Adds text at the end.
  package mutating func append(_ text: String, _ style: Style = .plain) {
    if text.isEmpty { return }
    columns += Self.columns(of: text)
    if let last = pieces.indices.last, pieces[last].style == style {
      pieces[last].text += text
    } else {
      pieces.append(Piece(text: text, style: style))
    }
  }

  /// Adds another line at the end.
  package mutating func append(_ line: StyledLine) {
    for piece in line.pieces { append(piece.text, piece.style) }
  }

  /// Adds `line` so that it ends at column `width`, if there is room for it and two spaces.
  package mutating func append(_ line: StyledLine, rightAlignedAt width: Int) {
    guard columns + 2 + line.columns <= width else { return }
    append(String(repeating: " ", count: width - columns - line.columns))
    append(line)
  }

  /// As much of the line as fits into `width` columns.
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

  /// The line as it is sent; without color it holds no escape sequence.
  package func text(color: Bool) -> String {
    pieces.map { piece in
      color && piece.style != .plain ? "\u{1B}[\(piece.style.rawValue)m\(piece.text)\u{1B}[0m" : piece.text
    }.joined()
  }

  /// Columns that `text` takes at most: two for each scalar outside the alphabets and signs that are known to be
  /// narrow. Names of files may hold anything, and a line that is too short is better than one that wraps.
  package static func columns(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { sum, scalar in
      switch scalar.value {
      case ..<0x1100, 0x1E00..<0x2300, 0x2500..<0x25A0, 0x2800..<0x2900: sum + 1
      default: sum + 2
      }
    }
  }
}
