import Moult

/// The overview of a table's columns that is printed before training.
struct TableOverview {
  let table: TrainingTable

  var lines: [String] {
    var text = TextTable(
      header: ["column", "type", "different", "missing", "values", "encoded as"], rightAligned: [2, 3])
    let encodings = Dictionary(uniqueKeysWithValues: table.encoding.columns.map { ($0.name, $0) })
    // At most this number of columns is listed.
    let shown = 40
    for column in table.schema.columns.prefix(shown) {
      text.add([
        Self.short(column.name), column.kind.rawValue,
        NumberFormat.grouped(column.differentCount) + (column.isCountCapped ? "+" : ""),
        NumberFormat.grouped(column.missingCount), values(column), encoding(column, encodings[column.name]),
      ])
    }
    let rest = table.schema.columns.count - shown
    return text.lines + (rest > 0 ? ["... and \(NumberFormat.grouped(rest)) more columns"] : []) + notes
  }

  private func values(_ column: TableColumn) -> String {
    if let range = column.range {
      return "\(NumberFormat.significant(range.lowerBound)) ... \(NumberFormat.significant(range.upperBound))"
    }
    return column.examples.map(Self.short).joined(separator: ", ")
      + (column.differentCount > column.examples.count ? ", ..." : "")
  }

  private func encoding(_ column: TableColumn, _ encoding: ColumnEncoding?) -> String {
    if column.kind == .target {
      let target = table.encoding.target
      return target.task == .classification ? "\(target.classNames.count) classes" : "standardized"
    }
    if column.kind == .split { return "-" }
    return encoding?.summary ?? (column.kind.isInput ? "left out: one value in all training rows" : "left out")
  }

  private var notes: [String] {
    var notes: [String] = []
    let name = table.encoding.targetName
    for column in table.schema.columns {
      if let stray = column.strayText, column.kind != .target {
        notes.append("note: \(column.name) holds numbers, but for \(stray); it is taken as text")
      }
    }
    for column in table.schema.columns where column.kind == .rowNumber {
      notes.append(
        "note: \(column.name) counts the rows and is left out; to learn from it say --numeric \(column.name)")
    }
    for name in table.unlearnedClasses.prefix(3) {
      notes.append("note: no row of the training part is of class '\(Self.short(name))': it cannot be learned")
    }
    for column in table.schema.columns where column.looksLikeCodes {
      notes.append(
        "note: \(column.name) looks like codes; for names instead of numbers say --categorical \(column.name)")
    }
    if table.schema.mayBeClasses {
      notes.append("note: \(name) is taken as a number; for classes say --task classification")
    }
    if table.split.leftOutCount > 0 {
      notes.append("note: \(NumberFormat.grouped(table.split.leftOutCount)) rows have no \(name) and are left out")
    }
    return notes
  }

  private static func short(_ text: String) -> String {
    let limit = 24
    return (text.count > limit ? text.prefix(limit - 3) + "..." : text[...]).description.visible
  }
}
