extension PixelImage {
  /// Returns an image with values in 0...1 (white to black) as an SVG drawing.
  func inkDrawing(label: String) -> String {
    drawing(label: label) { value in
      let level = Int((min(max(value, 0), 1) * 4).rounded())
      return level > 0 ? "i\(level)" : nil
    }
  }

  /// Returns an image with positive and negative values as an SVG drawing. `limit` is the magnitude at full strength.
  func signedDrawing(label: String, limit: Float) -> String {
    drawing(label: label) { value in
      let level = limit > 0 ? Int((min(max(value / limit, -1), 1) * 4).rounded()) : 0
      return level == 0 ? nil : level > 0 ? "p\(level)" : "m\(-level)"
    }
  }

  /// Draws one path for each CSS class. Neighboring pixels of a row are merged, which takes a tenth of the bytes of
  /// single squares.
  private func drawing(label: String, className: (Float) -> String?) -> String {
    var paths: [String: String] = [:]
    for row in 0..<side {
      var column = 0
      while column < side {
        let name = className(values[row * side + column])
        let start = column
        while column < side, className(values[row * side + column]) == name { column += 1 }
        if let name { paths[name, default: ""] += "M\(start) \(row)h\(column - start)v1h-\(column - start)z" }
      }
    }
    let body = paths.sorted { $0.key < $1.key }.map { "<path class=\"\($0.key)\" d=\"\($0.value)\"/>" }
    return Drawing.svg(
      Double(side), Double(side), label: label, className: "pixels",
      Drawing.box(0, 0, Double(side), Double(side), "paper") + body.joined())
  }
}
