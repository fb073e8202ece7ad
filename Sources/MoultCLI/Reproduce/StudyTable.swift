import Moult

/// The results of a study as a Markdown table.
struct StudyTable {
  /// The command that produces the table.
  let command: String
  let kind: StudyKind
  let isQuick: Bool
  let data: String
  let results: [StudyResult]

  /// The table with the command, the source, the data and the recipes.
  var markdown: String {
    var lines = ["`\(command)`", "", "Figures: \(kind.source). \(kind.note)", "", "Data: \(data)."]
    if isQuick { lines += ["", "A quick version, smaller in everything: not to be compared with the paper."] }
    lines += ["", Self.line(StudyResult.header), "|---|---|---:|---:|---:|---:|---:|"]
    lines += results.map { Self.line($0.cells) }
    lines += ["", "Recipes:", ""]
    var told: [(recipe: String, rows: [String])] = []
    for result in results {
      if let index = told.firstIndex(where: { $0.recipe == result.recipe }) {
        told[index].rows.append(result.row.name)
      } else {
        told.append((result.recipe, [result.row.name]))
      }
    }
    lines += told.map { "- \($0.rows.map { "`\($0)`" }.joined(separator: ", ")): \($0.recipe)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
