/// The HTML document of a page: head, header with metrics, contents, sections and footer.
struct ReportDocument {
  /// A metric that the header shows as a large number.
  struct Metric {
    var value: String
    var unit = ""
    var meaning: String
    /// The key of the metric and its exact value, for scripts that read the page.
    var exact: (metric: String, value: Double)?
  }

  /// A section of the page, with an entry in the contents.
  struct Part {
    var id: String
    var title: String
    var lead: String
    var body: [Markup]
  }

  var kind: String
  var title: String
  var state: (text: String, isBad: Bool)?
  var meta: [String]
  var headline: String?
  var metrics: [Metric]
  var parts: [Part]

  /// The page as HTML. Its content security policy forbids scripts and network requests, whatever texts the page
  /// contains.
  var html: String {
    let head = Markup.tag(
      "head", [:],
      [
        .tag("meta", ["charset": "utf-8"]), .tag("title", text: title + " · Moult"),
        .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .tag("meta", ["name": "color-scheme", "content": "light dark"]),
        .tag(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
              + "form-action 'none'",
          ]),
        .tag("link", ["rel": "icon", "href": "data:,"]),
        .tag("style", text: ReportStyle.colors(of: ":root") + ReportStyle.charts + ReportStyle.page),
      ])
    let body = Markup.tag("body", [:], [header, .tag("main", [:], parts.map(section)), footer])
    let page = Markup.tag("html", ["xmlns": "http://www.w3.org/1999/xhtml", "lang": "en"], [head, body])
    return "<!DOCTYPE html>\n" + page.xml + "\n"
  }

  private var header: Markup {
    // The logo, a feather.
    let feather = Markup.tag(
      "svg", ["xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 24 24", "aria-hidden": "true"],
      [
        .tag("path", ["d": "M20 4C12 3 6 8 6 17c9 1 14-5 14-13Z"]), .tag("path", ["d": "M3 21L15 9"]),
        .tag("path", ["d": "M9 15h6M12 12v-5"]),
      ])
    let states: [Markup] =
      state.map { [.tag("span", ["class": $0.isBad ? "state bad" : "state"], text: $0.text)] } ?? []
    let list = metrics.map { metric in
      Markup.tag(
        "div", [:],
        [
          .tag(
            "dt",
            ["data-metric": metric.exact?.metric, "data-value": metric.exact.map { ReportTable.exact($0.value) }],
            [.text(metric.value)] + (metric.unit.isEmpty ? [] : [.tag("small", text: metric.unit)])),
          .tag("dd", text: metric.meaning.unbroken),
        ])
    }
    return .tag(
      "header", [:],
      [
        .tag("div", ["class": "brand"], [feather, .tag("span", text: "Moult · \(kind)")]),
        .tag("h1", ["dir": "auto"], text: title),
        .tag("p", ["class": "meta"], states + meta.map { .tag("span", text: $0) }),
        headline.map { .tag("p", ["class": "headline"], text: $0.unbroken) } ?? .nothing,
        list.isEmpty ? .nothing : .tag("dl", ["class": "figures"], list),
        .tag(
          "nav", ["aria-label": "Contents"], parts.map { .tag("a", ["href": "#" + $0.id], text: $0.title) }),
      ])
  }

  private func section(_ part: Part) -> Markup {
    .tag(
      "section", ["id": part.id],
      [.tag("h2", text: part.title), .tag("p", ["class": "lead"], text: part.lead.unbroken)] + part.body)
  }

  private var footer: Markup {
    .tag(
      "footer", [:],
      [
        .text(
          "Written by Moult. This page needs no network and runs no script. Every number in its tables is there in full in "
            + "the attribute data-value.")
      ])
  }
}

extension String {
  /// The text with a non-breaking space before each percent sign.
  fileprivate var unbroken: String {
    split(separator: " %", omittingEmptySubsequences: false).joined(separator: "\u{A0}%")
  }
}

extension Markup {
  /// Returns a chart with its caption and a collapsed table of its numbers; nothing without a chart.
  static func figure(_ chart: Chart?, _ caption: String, _ table: ReportTable?, isWide: Bool = false) -> Markup {
    guard let chart else { return .nothing }
    return .tag(
      "figure", ["class": isWide ? "wide" : nil],
      [
        .tag(
          "figcaption", [:],
          [.tag("h3", text: chart.title), caption.isEmpty ? .nothing : .tag("p", text: caption)]),
        chart.inline, table?.folded() ?? .nothing,
      ])
  }

  /// Returns a list of names and values.
  static func facts(_ rows: [ReportRow]) -> Markup {
    .tag("dl", ["class": "facts"], rows.flatMap { [.tag("dt", text: $0.name), .tag("dd", text: $0.value)] })
  }

  /// Returns a box with a title.
  static func card(_ title: String, _ content: [Markup], isWide: Bool = false) -> Markup {
    .tag("div", ["class": isWide ? "card wide" : "card"], [.tag("h3", text: title)] + content)
  }

  /// Returns boxes beside each other.
  static func grid(_ content: [Markup]) -> Markup { .tag("div", ["class": "grid"], content) }
}
