/// A canvas of dots in a terminal: each character cell has 2 × 4 dots, drawn with Unicode's braille characters.
///
/// Without Unicode, a cell with dots is drawn as one ASCII character, `*` or `o` depending on the layer.
package struct BrailleCanvas: Equatable {
  /// The number of dots in a cell, horizontally and vertically.
  package static let cellWidth = 2, cellHeight = 4

  /// The number of cells, horizontally and vertically.
  package let width, height: Int
  private var dots: [UInt8]
  private var layers: [Int?]

  /// Creates an empty canvas of `width` by `height` cells.
  package init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    dots = Array(repeating: 0, count: self.width * self.height)
    layers = Array(repeating: nil, count: self.width * self.height)
  }

  /// The bit of each dot in a cell, by row and column, as offsets from the character U+2800.
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
  private static let marks: [Character] = ["*", "o"]

  /// Sets the dot in column `x` from the left and row `y` from the top, and assigns its cell to `layer`. Dots outside
  /// of the canvas are ignored.
  package mutating func set(x: Int, y: Int, layer: Int = 0) {
    guard x >= 0, y >= 0, x < width * Self.cellWidth, y < height * Self.cellHeight else { return }
    let cell = y / Self.cellHeight * width + x / Self.cellWidth
    dots[cell] |= Self.bits[y % Self.cellHeight][x % Self.cellWidth]
    layers[cell] = layer
  }

  /// Sets the dots of a straight line, with both ends ([Bresenham 1965](https://doi.org/10.1147/sj.41.0025)).
  ///
  /// - Complexity: O(*n*) for *n* dots, including those outside of the canvas.
  package mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), layer: Int = 0) {
    var (x, y) = start
    let (dx, dy) = (abs(end.x - start.x), -abs(end.y - start.y))
    let (stepX, stepY) = (start.x < end.x ? 1 : -1, start.y < end.y ? 1 : -1)
    var error = dx + dy
    while true {
      set(x: x, y: y, layer: layer)
      if x == end.x, y == end.y { return }
      let doubled = 2 * error
      if doubled >= dy { (error, x) = (error + dy, x + stepX) }
      if doubled <= dx { (error, y) = (error + dx, y + stepY) }
    }
  }

  /// Returns the layer that set a dot of the cell last; `nil` for an empty cell.
  package func layer(column: Int, row: Int) -> Int? { layers[row * width + column] }

  /// Returns the cell as a character; a space if it is empty.
  package func character(column: Int, row: Int, unicode: Bool) -> Character {
    let cell = row * width + column
    guard let layer = layers[cell] else { return " " }
    if !unicode { return Self.marks[layer % Self.marks.count] }
    return Unicode.Scalar(0x2800 + UInt32(dots[cell])).map(Character.init) ?? " "
  }

  /// Returns the rows of the canvas as texts.
  package func lines(unicode: Bool) -> [String] {
    (0..<height).map { row in String((0..<width).map { character(column: $0, row: row, unicode: unicode) }) }
  }
}
