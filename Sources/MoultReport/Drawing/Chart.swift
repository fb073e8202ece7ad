/// A chart as an SVG file.
package struct ReportChart: Sendable, Equatable {
  /// The name of the file, such as `loss.svg`.
  package let fileName: String
  /// The content of the file: an XML document with its own style for light and dark color schemes.
  package let svg: String
}

/// A chart: its drawing, name, title and description.
struct Chart: Equatable {
  /// The name of the file without `.svg`, which is also the prefix of the ids in the drawing.
  let name: String
  let title: String
  /// The description of the chart in words, for readers who cannot see it.
  let summary: String
  let width, height: Double
  let body: [Markup]

  /// The drawing as an element of a page, which defines the style.
  var inline: Markup { svg([]) }

  /// The drawing as an SVG file.
  var file: ReportChart {
    let background = Markup.tag(
      "rect", ["class": "paper", "width": PathData.number(width), "height": PathData.number(height)])
    let style = Markup.tag("style", text: ReportStyle.colors(of: "svg") + ReportStyle.charts)
    return ReportChart(
      fileName: name + ".svg",
      svg: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg([style, background]).xml + "\n")
  }

  private func svg(_ first: [Markup]) -> Markup {
    let texts: [Markup] = [
      .tag("title", ["id": name + "-title"], text: title), .tag("desc", ["id": name + "-desc"], text: summary),
    ]
    return .tag(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img",
        "viewBox": "0 0 \(PathData.number(width)) \(PathData.number(height))",
        "aria-labelledby": "\(name)-title \(name)-desc",
      ],
      texts + first + body)
  }
}

extension Markup {
  /// Creates a text in a chart.
  static func label(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", className: String? = nil,
    transform: String? = nil
  ) -> Markup {
    .tag(
      "text",
      [
        "x": PathData.number(x), "y": PathData.number(y), "text-anchor": anchor == "start" ? nil : anchor,
        "class": className, "transform": transform,
      ],
      text: text)
  }

  /// Creates a straight line in a chart.
  static func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ className: String) -> Markup {
    .tag(
      "line",
      [
        "x1": PathData.number(x1), "y1": PathData.number(y1), "x2": PathData.number(x2), "y2": PathData.number(y2),
        "class": className,
      ])
  }

  /// Creates a rectangle in a chart, with an optional text that is shown under the pointer.
  static func box(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ className: String, opacity: Double? = nil,
    hover: String? = nil
  ) -> Markup {
    .tag(
      "rect",
      [
        "x": PathData.number(x), "y": PathData.number(y), "width": PathData.number(max(width, 0)),
        "height": PathData.number(max(height, 0)), "class": className,
        "fill-opacity": opacity.map(PathData.number),
      ],
      hover.map { [.tag("title", text: $0)] } ?? [])
  }

  /// Creates a line or area in a chart.
  static func path(_ data: PathData, _ className: String, hover: String? = nil) -> Markup {
    .tag("path", ["d": data.text, "class": className], hover.map { [.tag("title", text: $0)] } ?? [])
  }
}
