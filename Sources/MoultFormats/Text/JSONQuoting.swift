extension String {
  /// Returns the text as a JSON string, with the same escapes as the reference implementation of safetensors.
  ///
  /// - Parameter hidingControls: Whether to escape also all characters that are unsafe in a terminal or a page.
  func quotedAsJSON(hidingControls: Bool = false) -> String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{08}": result += "\\b"
      case "\u{0C}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || hidingControls && scalar.mustBeSpelledOut:
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
