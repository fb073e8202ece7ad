import MoultFormats

/// Estimates the width of texts in charts, because SVG neither wraps nor truncates text.
enum ChartText {
  /// The font size, in the units of a chart.
  static let size = 12.0
  /// The font size on narrow screens, where a chart is scaled down. Layouts leave room for it.
  static let largeSize = 14.5
  /// The height of a line of text, in the units of a chart.
  static let lineHeight = 18.0

  /// Returns an upper estimate of the width of a text, in the units of a chart, at the larger font size in a wide font.
  static func width(_ text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + share(of: $1) } * largeSize
  }

  /// Returns the text, truncated with an ellipsis if it is wider than `limit`. Line breaks become spaces.
  static func fitted(_ text: String, to limit: Double) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.mustBeSpelledOut, !"\n\t".unicodeScalars.contains(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        result.unicodeScalars.append(scalar == "\n" || scalar == "\t" ? " " : scalar)
      }
      // Names come from files and may be very long: only the first 200 characters are measured.
      if result.unicodeScalars.count > 200 { break }
    }
    guard width(result) > limit else { return result }
    var cut = ""
    var taken = largeSize
    for character in result {
      taken += character.unicodeScalars.reduce(0) { $0 + share(of: $1) } * largeSize
      if taken > limit { break }
      cut.append(character)
    }
    return cut + "…"
  }

  /// Returns the estimated width of a character, as a multiple of the font size.
  private static func share(of scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", " ", "!", "(", ")", "/", "-": 0.4
    case "m", "w", "M", "W", "%", "@", "→", "…", "—": 1
    case "A"..."Z": 0.75
    default: scalar.value < 0x1100 ? 0.62 : 1.2
    }
  }
}
