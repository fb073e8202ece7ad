import MoultFormats

extension String {
  /// The text quoted as one word of a shell command.
  ///
  /// Control characters and bidirectional marks are written as octal escapes in `$'...'`, so that the shell runs
  /// exactly the text that is shown.
  package var quotedForShell: String {
    if unicodeScalars.contains(where: \.mustBeSpelledOut) {
      return unicodeScalars.reduce(into: "$'") { result, scalar in
        if scalar.mustBeSpelledOut {
          for byte in String(scalar).utf8 {
            let digits = String(byte, radix: 8)
            result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
          }
        } else {
          result += scalar == "'" || scalar == "\\" ? "\\" + String(scalar) : String(scalar)
        }
      } + "'"
    }
    let isPlain = unicodeScalars.allSatisfy { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789_@%+=:,./-".unicodeScalars.contains(scalar))
    }
    if isPlain, !isEmpty { return self }
    // Scalars are compared, because a quote with a combining mark is one `Character` that does not equal a quote.
    return unicodeScalars.reduce(into: "'") { result, scalar in
      result += scalar == "'" ? "'\\''" : String(scalar)
    } + "'"
  }
}
