/// Writes roff, the format of manual pages: text, paragraphs and lists.
struct Roff {
  private(set) var text = ""

  /// Escapes text so that the formatter prints it unchanged. Hyphens stay ASCII hyphens, so that options can be copied
  /// from the page. Characters outside of ASCII are written by number, for any formatter and locale.
  static func escaped(_ text: some StringProtocol) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
      }
    }
    // A line that begins with a dot would be a macro.
    return result.hasPrefix(".") ? "\\&" + result : result
  }

  /// Writes a macro with its arguments in quotes.
  mutating func macro(_ name: String, _ arguments: String...) {
    let quoted = arguments.map { "\"" + Self.escaped($0).replacing("\"", with: "\\(dq") + "\"" }
    text += (["." + name] + quoted).joined(separator: " ") + "\n"
  }

  /// Writes a line of text.
  mutating func line(_ line: some StringProtocol) { text += Self.escaped(line) + "\n" }

  /// Writes a list entry: a name in bold and its description.
  mutating func entry(_ name: String, _ description: String) {
    macro("TP")
    macro("B", name)
    line(description)
  }

  /// Writes the discussion of a command: paragraphs, and blocks of lines that begin with two spaces, which stay
  /// unformatted.
  mutating func discussion(_ discussion: String) {
    for block in discussion.split(separator: "\n\n") {
      macro("PP")
      let lines = block.split(separator: "\n")
      guard lines.allSatisfy({ $0.hasPrefix("  ") }) else {
        for text in lines { line(text) }
        continue
      }
      macro("nf")
      macro("RS", "4")
      for text in lines { line(text.dropFirst(2)) }
      macro("RE")
      macro("fi")
    }
  }
}
