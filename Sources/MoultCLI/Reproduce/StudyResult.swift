import Moult

/// The result of a study for one row: the mean over its repetitions.
struct StudyResult {
  let row: StudyRow
  let recipe: String
  let measurements: [Measurement]

  /// The row's metric in each repetition.
  var values: [Double] { measurements.compactMap { $0.values[row.name] } }

  var mean: Double { values.reduce(0, +) / Double(values.count) }

  /// The standard error of the mean, `√(Σ (x - mean)² / (n - 1) / n)`; nil for a single value.
  var standardError: Double? {
    let count = Double(values.count), mean = mean
    guard count > 1 else { return nil }
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count).squareRoot()
  }

  /// The number of weight updates in all repetitions.
  var steps: Int { measurements.reduce(0) { $0 + $1.steps } }

  /// The time of all repetitions, in seconds.
  var seconds: Double { measurements.reduce(0) { $0 + $1.seconds } }

  /// Returns the line that `--json` prints and that `results.jsonl` contains.
  func json(of study: StudyKind, isQuick: Bool) -> JSONOutput {
    [
      "schema": 1, "event": "result", "study": .string(study.rawValue), "row": .string(row.name),
      "unit": .string(row.unit), "paper": .optional(row.paper), "paper_standard_error": .optional(row.paperError),
      "ours": .number(mean), "standard_error": .optional(standardError), "seeds": .integer(values.count),
      "steps": .integer(steps), "seconds": .number(seconds), "quick": .bool(isQuick), "recipe": .string(recipe),
    ]
  }

  static let header = ["row", "unit", "paper", "ours", "repetitions", "steps", "time"]

  /// The cells of the row in the displayed table.
  var cells: [String] {
    func text(_ value: Double, _ error: Double?) -> String {
      NumberFormat.fixed(value, row.decimals) + (error.map { " ± \(NumberFormat.fixed($0, row.decimals))" } ?? "")
    }
    return [
      row.name, row.unit, row.paper.map { text($0, row.paperError) } ?? "-", text(mean, standardError),
      String(values.count), NumberFormat.grouped(steps), NumberFormat.clock(seconds),
    ]
  }
}
