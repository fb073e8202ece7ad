import Moult

/// The characters and colors that drawings in a terminal can use, and functions for layout.
struct TextStyle: Equatable {
  /// The width of a line in columns.
  static let width = 79

  let usesUnicode: Bool
  let usesColor: Bool

  init(usesUnicode: Bool, usesColor: Bool) {
    self.usesUnicode = usesUnicode
    self.usesColor = usesColor
  }

  init(_ terminal: Terminal) {
    self.init(usesUnicode: terminal.usesUnicode, usesColor: terminal.usesEscapes)
  }

  /// Returns `text` in bold, if escape sequences are allowed.
  func strong(_ text: String) -> String {
    usesColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text
  }

  /// Returns `text` broken into lines between words.
  static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// Returns a bar that fills the fraction `share` of `width` columns, with Unicode in steps of an eighth of a column.
  func bar(_ share: Double, width: Int) -> String {
    let eighths = Int((min(max(share, 0), 1) * Double(width * 8)).rounded())
    guard usesUnicode else { return String(repeating: "#", count: (eighths + 4) / 8).rightPadded(to: width) }
    let rest = eighths % 8
    let tip = rest == 0 ? "" : String(Self.tips[rest - 1])
    return (String(repeating: "█", count: eighths / 8) + tip).rightPadded(to: width)
  }

  private static let tips = Array("▏▎▍▌▋▊▉")

  /// Returns columns of text side by side, each padded to the width in `widths`.
  static func beside(_ columns: [[String]], widths: [Int], gap: Int = 2) -> [String] {
    let height = columns.map(\.count).max() ?? 0
    return (0..<height).map { row in
      var line = ""
      for (index, column) in columns.enumerated() {
        let text = row < column.count ? column[row] : ""
        line += text
        if index + 1 < columns.count {
          line += String(repeating: " ", count: max(0, widths[index] - visibleWidth(text)) + gap)
        }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Returns the number of columns that `text` takes, without its escape sequences.
  static func visibleWidth(_ text: String) -> Int {
    var count = 0, isInEscape = false
    for character in text {
      if character == "\u{1B}" {
        isInEscape = true
      } else if isInEscape {
        isInEscape = character != "m"
      } else {
        count += 1
      }
    }
    return count
  }
}
