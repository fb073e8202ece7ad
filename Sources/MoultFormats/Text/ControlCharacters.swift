extension String {
  /// The text with control characters and bidirectional marks escaped (`\u{1B}`). Names from untrusted files must not
  /// control a terminal, break a line, or be shown as something else.
  package var visible: String {
    guard unicodeScalars.contains(where: \.mustBeSpelledOut) else { return self }
    return unicodeScalars.reduce(into: "") { result, scalar in
      if scalar.mustBeSpelledOut {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether the character must be escaped in output: characters that XML forbids, that control a terminal, or that
  /// change the direction of the text.
  package var mustBeSpelledOut: Bool {
    switch value {
    case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: properties.isNoncharacterCodePoint
    }
  }
}
