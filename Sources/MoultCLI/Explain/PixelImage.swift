import Moult

/// A small square image that is drawn with characters. One character shows two pixels, one above the other.
struct PixelImage {
  /// The pixels, row by row.
  let values: [Float]
  let side: Int

  init(_ values: [Float], side: Int = 28) {
    self.values = values
    self.side = side
  }

  private func value(_ row: Int, _ column: Int) -> Float {
    row < side ? values[row * side + column] : 0
  }

  /// The image at half the size. Each pixel is the maximum of four, so that thin strokes stay visible.
  var halved: PixelImage {
    let half = side / 2
    return PixelImage(
      (0..<half * half).map { index in
        let (row, column) = (index / half * 2, index % half * 2)
        return max(value(row, column), value(row, column + 1), value(row + 1, column), value(row + 1, column + 1))
      }, side: half)
  }

  /// The image rotated by 90° clockwise.
  var turned: PixelImage {
    PixelImage(
      (0..<side * side).map { index in value(side - 1 - index % side, index / side) }, side: side)
  }

  /// Returns an image with values in 0...1 (white to black) as `side / 2` lines of `side` columns.
  func inkLines(_ style: TextStyle) -> [String] {
    lines(style, color: { 232 + Int(($0 * 23).rounded()) }) { top, bottom in
      if style.usesUnicode {
        let (upper, lower) = (top > Self.inkThreshold, bottom > Self.inkThreshold)
        return upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ")
      }
      return Self.shades[Self.level((top + bottom) / 2, count: Self.shades.count)]
    }
  }

  /// Returns an image with positive and negative values as `side / 2` lines of `side` columns: red or `+` above zero,
  /// blue or `-` below. `limit` is the magnitude at full strength.
  func signedLines(_ style: TextStyle, limit: Float) -> [String] {
    let scaled = PixelImage(values.map { limit > 0 ? min(max($0 / limit, -1), 1) : 0 }, side: side)
    return scaled.lines(style, color: { Self.diverging[Int(($0 * 4).rounded()) + 4] }) { top, bottom in
      let mean = (top + bottom) / 2
      return (mean < 0 ? Self.negative : Self.positive)[Self.level(abs(mean), count: Self.positive.count)]
    }
  }

  /// The smallest value that is drawn black.
  private static let inkThreshold: Float = 0.35
  private static let shades = Array(" .:-=+*#%@")
  private static let positive = Array(" .+#")
  private static let negative = Array(" ,-=")
  /// The colors from blue over white to red, as numbers in the 256-color palette of terminals.
  private static let diverging = [25, 68, 111, 153, 255, 224, 217, 203, 160]

  private static func level(_ share: Float, count: Int) -> Int {
    min(Int(min(max(share, 0), 1) * Float(count)), count - 1)
  }

  private func lines(
    _ style: TextStyle, color: (Float) -> Int, character: (Float, Float) -> Character
  ) -> [String] {
    stride(from: 0, to: side, by: 2).map { row in
      guard style.usesColor, style.usesUnicode else {
        return String((0..<side).map { character(value(row, $0), value(row + 1, $0)) })
      }
      var line = ""
      for column in 0..<side {
        line += "\u{1B}[38;5;\(color(value(row, column)));48;5;\(color(value(row + 1, column)))m▀"
      }
      return line + "\u{1B}[0m"
    }
  }
}
