import MoultFormats

/// Text in charts: SVG neither wraps nor cuts, so widths are estimated before anything is placed.
enum ChartText {
  /// The size of text in the units of a chart.
  static let size = 12.0
  /// The size on narrow screens, where a chart is scaled down; layouts leave room for it.
  static let largeSize = 14.5
  /// The height of a line.
  static let lineHeight = 18.0

  /// The width that the text may take, in the units of a chart, at the larger size and in a wide font.
  static func width(_ text: String) -> Double {
    text.unicodeScalars.reduce(0) { $0 + share(of: $1) } * largeSize
  }

  /// The text, cut with an ellipsis where it is wider than `limit`; line breaks become spaces.
  static func fitted(_ text: String, to limit: Double) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.mustBeSpelledOut, !"\n\t".unicodeScalars.contains(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        result.unicodeScalars.append(scalar == "\n" || scalar == "\t" ? " " : scalar)
      }
      // Names come from files: a text of a million characters is not measured again and again.
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

  /// The width of a character in sizes of the font.
  private static func share(of scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", " ", "!", "(", ")", "/", "-": 0.4
    case "m", "w", "M", "W", "%", "@", "→", "…", "—": 1
    case "A"..."Z": 0.75
    default: scalar.value < 0x1100 ? 0.62 : 1.2
    }
  }
}
