import Moult

/// A chart of two curves over epochs in a few lines of text: with Unicode in braille characters of 2 by 4 dots each.
///
/// The first curve is solid and the second is dotted, so that they can be distinguished without color.
struct CurveChart {
  let solid: [Double]
  let dotted: [Double]
  /// The value at the top of the chart. Charts that are compared have the same top.
  let top: Double
  let columns: Int
  let rows: Int

  private static let labelWidth = 5

  /// The width of a chart with its labels, in columns.
  var width: Int { Self.labelWidth + 1 + columns }

  func lines(_ style: TextStyle) -> [String] {
    let canvas = style.usesUnicode ? braille() : ascii()
    return canvas.enumerated().map { row, line in
      let label = row == 0 ? NumberFormat.fixed(top, 2) : row == rows - 1 ? "0" : ""
      return label.leftPadded(to: Self.labelWidth) + (style.usesUnicode ? "│" : "|") + line
    }
  }

  /// Returns the row of a curve in each column of a grid of `width` by `height`; row 0 is the top.
  private func points(of curve: [Double], width: Int, height: Int) -> [Int] {
    (0..<width).map { column in
      let place = width > 1 ? Double(column) / Double(width - 1) * Double(curve.count - 1) : 0
      let left = Int(place), right = min(left + 1, curve.count - 1)
      let value = curve[left] + (curve[right] - curve[left]) * (place - Double(left))
      let share = top > 0 ? min(max(value / top, 0), 1) : 0
      return Int(((1 - share) * Double(height - 1)).rounded())
    }
  }

  private func braille() -> [String] {
    let (width, height) = (columns * 2, rows * 4)
    /// The bit of each dot of a braille character, by column and row.
    let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    var cells = [[UInt32]](repeating: [UInt32](repeating: 0, count: columns), count: rows)
    func set(_ column: Int, _ row: Int) { cells[row / 4][column / 2] |= bits[column % 2][row % 4] }
    var last: Int?
    for (column, row) in points(of: solid, width: width, height: height).enumerated() {
      // The rows between two neighboring points are filled, so that steep lines have no gaps.
      for between in min(last ?? row, row)...max(last ?? row, row) { set(column, between) }
      last = row
    }
    for (column, row) in points(of: dotted, width: width, height: height).enumerated() where column % 3 == 0 {
      set(column, row)
    }
    return cells.map { line in
      String(String.UnicodeScalarView(line.compactMap { Unicode.Scalar($0 == 0 ? 0x20 : 0x2800 + $0) }))
    }
  }

  private func ascii() -> [String] {
    var cells = [[Character]](repeating: [Character](repeating: " ", count: columns), count: rows)
    for (column, row) in points(of: dotted, width: columns, height: rows).enumerated() { cells[row][column] = "." }
    for (column, row) in points(of: solid, width: columns, height: rows).enumerated() { cells[row][column] = "o" }
    return cells.map { String($0) }
  }
}
