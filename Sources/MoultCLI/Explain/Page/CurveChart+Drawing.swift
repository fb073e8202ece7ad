import Moult

extension CurveChart {
  private static let (left, right, upper, lower) = (34.0, 312.0, 8.0, 150.0)

  /// Returns the curves as an SVG drawing, with the gap between them shaded.
  func drawing(label: String, epochs: Int) -> String {
    let (solidPoints, dottedPoints) = (places(of: solid), places(of: dotted))
    let gap = "<polygon class=\"gap\" points=\"\((solidPoints + dottedPoints.reversed()).joined(separator: " "))\"/>"
    let lines =
      "<polyline class=\"curve dotted\" points=\"\(dottedPoints.joined(separator: " "))\"/>"
      + "<polyline class=\"curve\" points=\"\(solidPoints.joined(separator: " "))\"/>"
    let grid = [0, 0.5, 1].map { share in
      let y = Self.lower - share * (Self.lower - Self.upper)
      return Drawing.line(Self.left, y, Self.right, y, "grid")
        + Drawing.text(NumberFormat.fixed(share * top, 2), x: Self.left - 4, y: y + 4, anchor: "end")
    }
    return Drawing.svg(
      320, 172, label: label,
      grid.joined() + gap + lines + Drawing.text("epoch 1", x: Self.left, y: 166)
        + Drawing.text("\(epochs)", x: Self.right, y: 166, anchor: "end"))
  }

  private func places(of curve: [Double]) -> [String] {
    curve.enumerated().map { index, value in
      let x = Self.left + (Self.right - Self.left) * Double(index) / Double(max(curve.count - 1, 1))
      let share = top > 0 ? min(max(value / top, 0), 1) : 0
      return Drawing.number(x) + "," + Drawing.number(Self.lower - share * (Self.lower - Self.upper))
    }
  }
}
