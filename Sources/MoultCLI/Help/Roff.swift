/// The language of manual pages, as far as one needs it: text that prints as it is, paragraphs, lists.
struct Roff {
  private(set) var text = ""

  /// Text that prints as it is, also where it holds what the formatter takes for its own. Hyphens stay hyphens, so that
  /// options can be copied from the page; what is no ASCII goes by number, for any formatter and locale.
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
    // A dot at the start of a line would make it a macro.
    return result.hasPrefix(".") ? "\\&" + result : result
  }

  /// A macro with its arguments, each in quotes.
  mutating func macro(_ name: String, _ arguments: String...) {
    let quoted = arguments.map { "\"" + Self.escaped($0).replacing("\"", with: "\\(dq") + "\"" }
    text += (["." + name] + quoted).joined(separator: " ") + "\n"
  }

  /// A line of text.
  mutating func line(_ line: some StringProtocol) { text += Self.escaped(line) + "\n" }

  /// A list's entry: a name in bold, and what it stands for.
  mutating func entry(_ name: String, _ description: String) {
    macro("TP")
    macro("B", name)
    line(description)
  }

  /// Adds a command's discussion: paragraphs, and lines with two spaces before them as they are.
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
