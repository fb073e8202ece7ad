/// A picture of dots in text: each character cell holds two columns and four rows of them.
///
/// Without Unicode a cell with dots is one mark of its layer.
package struct BrailleCanvas: Equatable {
  /// Dots of a cell.
  package static let cellWidth = 2, cellHeight = 4

  /// Cells across and down.
  package let width, height: Int
  private var dots: [UInt8]
  private var layers: [Int?]

  /// An empty picture of `width` by `height` cells.
  package init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    dots = Array(repeating: 0, count: self.width * self.height)
    layers = Array(repeating: nil, count: self.width * self.height)
  }

  /// Bits of a cell's dots by row and column, as Unicode numbers them from U+2800 on.
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
  private static let marks: [Character] = ["*", "o"]

  /// Sets the dot in column `x` from the left and row `y` from the top, which now belongs to `layer`; outside the
  /// picture nothing happens.
  package mutating func set(x: Int, y: Int, layer: Int = 0) {
    guard x >= 0, y >= 0, x < width * Self.cellWidth, y < height * Self.cellHeight else { return }
    let cell = y / Self.cellHeight * width + x / Self.cellWidth
    dots[cell] |= Self.bits[y % Self.cellHeight][x % Self.cellWidth]
    layers[cell] = layer
  }

  /// Sets the dots of a straight line, both ends included ([Bresenham 1965](https://doi.org/10.1147/sj.41.0025)).
  ///
  /// - Complexity: O(*n*) in the line's dots; both ends should lie in the picture.
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

  /// The layer that set a dot of the cell last, or `nil` for an empty cell.
  package func layer(column: Int, row: Int) -> Int? { layers[row * width + column] }

  /// The cell as a character; a space when it is empty.
  package func character(column: Int, row: Int, unicode: Bool) -> Character {
    let cell = row * width + column
    guard let layer = layers[cell] else { return " " }
    if !unicode { return Self.marks[layer % Self.marks.count] }
    return Unicode.Scalar(0x2800 + UInt32(dots[cell])).map(Character.init) ?? " "
  }

  /// The picture's rows as text.
  package func lines(unicode: Bool) -> [String] {
    (0..<height).map { row in String((0..<width).map { character(column: $0, row: row, unicode: unicode) }) }
  }
}
