extension PixelImage {
  /// Ink of 0 to 1 as a drawing.
  func inkDrawing(label: String) -> String {
    drawing(label: label) { value in
      let level = Int((min(max(value, 0), 1) * 4).rounded())
      return level > 0 ? "i\(level)" : nil
    }
  }

  /// Numbers of both signs as a drawing; `limit` is full strength.
  func signedDrawing(label: String, limit: Float) -> String {
    drawing(label: label) { value in
      let level = limit > 0 ? Int((min(max(value / limit, -1), 1) * 4).rounded()) : 0
      return level == 0 ? nil : level > 0 ? "p\(level)" : "m\(-level)"
    }
  }

  /// One path for each class of pixels, in which neighbors of a row are one stretch: a tenth of what single squares
  /// take.
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
