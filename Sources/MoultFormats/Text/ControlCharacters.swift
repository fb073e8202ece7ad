extension String {
  /// The text with its control characters, and those that turn the direction of text, spelled out (`\u{1B}`): what an
  /// untrusted file names must not steer a terminal, break a line in two, or look like something else.
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
  /// Whether a page must not hold it as it is: what XML forbids, what steers a terminal, and what turns the direction
  /// of the text around it, so that a name could make a page say something else.
  package var mustBeSpelledOut: Bool {
    switch value {
    case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: properties.isNoncharacterCodePoint
    }
  }
}
