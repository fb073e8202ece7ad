import Moult

/// Runs rows of a study: repetitions, statistics, and what is left in files.
struct StudyRunner {
  let study: any Study
  /// The rows to run.
  let rows: [StudyRow]
  let repetitions: Int
  let folder: String
  /// A Markdown file that gets the table, or nil.
  let tableFile: String?
  /// What the table is called, and the command that makes it.
  let title: String
  let command: String
  let options: StudyOptions

  private var common: CommonOptions { options.common }

  /// Seconds between checkpoints of a long training.
  private static let checkpointInterval = 60.0

  func run() throws {
    // A file without a place is said before hours are spent.
    if let tableFile { _ = try MarkedPlace(title, in: tableFile) }
    let data = try study.dataDescription()
    common.message("\(title): \(study.kind.source)")
    common.message(study.kind.note)
    common.message("data: \(data)")
    try CacheDirectory.make(folder + "/state")
    let notebook = StudyNotebook(
      folder: folder + "/state", data: data, stopSignal: Interrupt.install(),
      checkpointInterval: options.isQuick ? 0 : Self.checkpointInterval, message: common.message)
    defer { Interrupt.uninstall() }
    var done: [StudyResult] = []
    do {
      for row in rows {
        common.message("\(row.name): \(study.recipe(of: row))")
        let result = try result(of: row, in: notebook)
        done.append(result)
        if common.json { try Console.result(result.json(of: study.kind, isQuick: options.isQuick)) }
        try write(notebook)
      }
    } catch let error as MoultError {
      guard case .interrupted = error.code else { throw error }
      try write(notebook)
      throw MoultError(
        error.code, "interrupted after \(done.count) of \(rows.count) rows; the same command goes on (\(folder))")
    }
    if !common.json { try show(done) }
    common.message("written: \(folder)/results.jsonl, \(folder)/table.md" + (tableFile.map { ", \($0)" } ?? ""))
  }

  private func result(of row: StudyRow, in notebook: StudyNotebook) throws -> StudyResult {
    var measurements: [Measurement] = []
    for repetition in 0..<repetitions {
      let measurement = try study.measurement(of: row, repetition: repetition, in: notebook)
      measurements.append(measurement)
      let figure = measurement.values[row.name].map { NumberFormat.fixed($0, row.decimals + 1) } ?? "-"
      common.message(
        "\(row.name), \(study.repetitionName) \(repetition + 1) of \(repetitions): \(figure), "
          + "\(NumberFormat.grouped(measurement.steps)) steps in \(NumberFormat.clock(measurement.seconds))")
    }
    return StudyResult(row: row, recipe: study.recipe(of: row), measurements: measurements)
  }

  /// All that was ever measured, also of rows that were not asked for this time.
  private func remembered(_ notebook: StudyNotebook) throws -> [StudyResult] {
    var notebook = notebook
    notebook.measures = false
    return try study.rows.compactMap { row in
      let measurements = try (0..<repetitions).compactMap { repetition -> Measurement? in
        do {
          return try study.measurement(of: row, repetition: repetition, in: notebook)
        } catch is StudyNotebook.Missing {
          return nil
        }
      }
      return measurements.isEmpty
        ? nil : StudyResult(row: row, recipe: study.recipe(of: row), measurements: measurements)
    }
  }

  private func write(_ notebook: StudyNotebook) throws {
    let results = try remembered(notebook)
    let lines = results.map { $0.json(of: study.kind, isQuick: options.isQuick).line + "\n" }.joined()
    try AtomicFile.write(Array(lines.utf8), to: folder + "/results.jsonl")
    if results.isEmpty { return }
    let table = StudyTable(
      command: command, kind: study.kind, isQuick: options.isQuick, data: notebook.data, results: results)
    try AtomicFile.write(Array(table.markdown.utf8), to: folder + "/table.md")
    if let tableFile { try MarkedPlace(title, in: tableFile).fill(table.markdown) }
  }

  private func show(_ results: [StudyResult]) throws(MoultError) {
    var table = TextTable(header: StudyResult.header, rightAligned: [2, 3, 4, 5, 6])
    for result in results { table.add(result.cells) }
    for line in table.lines { try Console.result(line) }
  }
}
