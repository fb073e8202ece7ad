import MoultFormats

/// A table of numbers. Every number is also stored exactly in an attribute `data-value`, so that a script can compare
/// the page with `metrics.jsonl`.
struct ReportTable {
  /// The content of one cell.
  enum Cell {
    /// A text.
    case text(String)
    /// A number: its exact value, the displayed text and the key of the metric.
    case number(Double?, shown: String? = nil, metric: String? = nil)
    /// An integer, with the key of the metric.
    case count(Int, metric: String? = nil)
  }

  /// The largest number of rows that are shown; of a longer table, evenly spaced rows.
  static let rowLimit = 500

  var columns: [String]
  var rows: [(key: [String: String], cells: [Cell])]
  /// The indices of rows that are always shown.
  var keptRows: Set<Int> = []

  init(_ columns: [String], _ rows: [[Cell]]) {
    self.columns = columns
    self.rows = rows.map { ([:], $0) }
  }

  /// Creates a table whose number cells have attributes that identify the row, such as `data-epoch`.
  init(_ columns: [String], keyed rows: [(key: [String: String], cells: [Cell])]) {
    (self.columns, self.rows) = (columns, rows)
  }

  /// The table in a box that scrolls.
  var markup: Markup {
    let shown = Set(Downsampling.spread(rows.count, limit: Self.rowLimit)).union(keptRows).sorted()
    let head = Markup.tag("thead", [:], [.tag("tr", [:], columns.map { .tag("th", ["scope": "col"], text: $0) })])
    let body = Markup.tag(
      "tbody", [:],
      shown.map { index in .tag("tr", [:], rows[index].cells.map { Self.markup($0, rows[index].key) }) })
    let note: Markup =
      shown.count < rows.count
      ? .tag(
        "p", ["class": "note"],
        text: "\(NumberFormat.grouped(shown.count)) of \(NumberFormat.grouped(rows.count)) rows, evenly spread; "
          + "metrics.jsonl has them all.") : .nothing
    return .group([.tag("div", ["class": "scroll", "tabindex": "0"], [.tag("table", [:], [head, body])]), note])
  }

  /// Returns the table collapsed under a title.
  func folded(_ title: String = "The numbers") -> Markup {
    .tag("details", [:], [.tag("summary", text: title), markup])
  }

  /// Returns the shortest text that parses to the same number, as in the log.
  static func exact(_ value: Double) -> String { JSONOutput.number(value).line }

  private static func markup(_ cell: Cell, _ key: [String: String]) -> Markup {
    func number(_ shown: String, _ value: String?, _ metric: String?) -> Markup {
      var attributes = [Markup.Attribute(name: "class", value: "n")]
      for (name, value) in key.sorted(by: { $0.key < $1.key }) {
        attributes.append(.init(name: "data-" + name, value: value))
      }
      if let metric { attributes.append(.init(name: "data-metric", value: metric)) }
      if let value { attributes.append(.init(name: "data-value", value: value)) }
      return .element(name: "td", attributes: attributes, children: [.text(shown)])
    }
    switch cell {
    case .text(let text): return .tag("td", text: text)
    case .count(let count, let metric): return number(NumberFormat.grouped(count), String(count), metric)
    case .number(let value, let shown, let metric):
      guard let value, value.isFinite else { return number("–", nil, metric) }
      return number(shown ?? NumberFormat.significant(value), exact(value), metric)
    }
  }
}

extension ReportTable.Cell {
  /// Creates a cell with a fraction as a percentage.
  static func percent(_ share: Double?, metric: String? = nil) -> ReportTable.Cell {
    .number(share, shown: share.map { NumberFormat.percent($0) }, metric: metric)
  }
}
