import MoultFormats

extension String {
  /// The text as one word of a shell command.
  ///
  /// Control characters, and those that turn the direction of text, become octal escapes in `$'...'`, so that what is
  /// shown is what a shell runs.
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
    // Not by characters: a quote with a combining mark behind it is another character, but a shell's quote.
    return unicodeScalars.reduce(into: "'") { result, scalar in
      result += scalar == "'" ? "'\\''" : String(scalar)
    } + "'"
  }
}
