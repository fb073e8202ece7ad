/// The markers that distinguish series without color: circle, diamond, square and triangle in rotation.
enum Marker {
  /// Creates the marker of series `style` around a point.
  static func markup(_ x: Double, _ y: Double, style: Int, hover: String? = nil, radius: Double = 3.4) -> Markup {
    .path(outline(x, y, style: style, radius: radius), "mark s\(style % ReportStyle.seriesCount)", hover: hover)
  }

  private static func outline(_ x: Double, _ y: Double, style: Int, radius r: Double) -> PathData {
    var path = PathData()
    let corners: [(Double, Double)] =
      switch style % 4 {
      case 0: circle.map { ($0.0 * r, $0.1 * r) }
      case 1: [(0, -r * 1.3), (r * 1.3, 0), (0, r * 1.3), (-r * 1.3, 0)]
      case 2: [(-r, -r), (r, -r), (r, r), (-r, r)]
      default: [(0, -r * 1.3), (r * 1.2, r), (-r * 1.2, r)]
      }
    for (index, corner) in corners.enumerated() {
      if index == 0 { path.move(x + corner.0, y + corner.1) } else { path.line(x + corner.0, y + corner.1) }
    }
    path.close()
    return path
  }

  /// The corners of a polygon with 16 sides that looks like a circle at this size.
  private static let circle: [(Double, Double)] = [
    (1, 0), (0.924, 0.383), (0.707, 0.707), (0.383, 0.924), (0, 1), (-0.383, 0.924), (-0.707, 0.707), (-0.924, 0.383),
    (-1, 0), (-0.924, -0.383), (-0.707, -0.707), (-0.383, -0.924), (0, -1), (0.383, -0.924), (0.707, -0.707),
    (0.924, -0.383),
  ]
}
