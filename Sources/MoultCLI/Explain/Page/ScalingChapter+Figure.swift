import Moult

extension ScalingChapter {
  var figure: String {
    let (left, right, upper, lower) = (44.0, 392.0, 10.0, 180.0)
    func y(_ value: Double) -> Double { lower - min(max(value / undropped, 0), 1.2) / 1.2 * (lower - upper) }
    let grid = [0, 0.5, 1].map { share in
      Drawing.line(left, y(share * undropped), right, y(share * undropped), share == 1 ? "target" : "grid")
        + Drawing.text(NumberFormat.percent(share, 0), x: left - 4, y: y(share * undropped) + 4, anchor: "end")
    }
    func mark(_ mean: Mean, _ x: Double, _ className: String) -> String {
      let reach = Self.tolerance * mean.standardError
      return Drawing.line(x, y(mean.value - reach), x, y(mean.value + reach), "error \(className)")
        + "<circle cx=\"\(Drawing.number(x))\" cy=\"\(Drawing.number(y(mean.value)))\" r=\"4\" class=\"\(className)\"/>"
    }
    let marks = rows.enumerated().map { index, row in
      let x = left + (right - left) * (Double(index) + 0.5) / Double(rows.count)
      return mark(row.unscaled, x - 10, "second") + mark(row.scaled, x + 10, "first")
        + Drawing.text("rate \(row.rate)", x: x, y: 198, anchor: "middle")
    }
    return
      "<p class=\"legend\"><span class=\"key second\"></span> as dropped <span class=\"key first\"></span> divided by "
      + "1 - rate; bars reach \(Int(Self.tolerance)) standard errors</p>"
      + Drawing.panel(
        "mean of what the unit receives, of the undropped value",
        Drawing.svg(
          400, 204, label: "as dropped, means fall with the rate; divided, they stay", grid.joined() + marks.joined()),
        className: "panel chart") + Drawing.table(table)
  }
}
