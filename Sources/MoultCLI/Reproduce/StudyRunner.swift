import Moult
import MoultPlatform

/// Runs rows of a study: measures all repetitions, computes statistics, and writes the result files.
struct StudyRunner {
  let study: any Study
  /// The rows to run.
  let rows: [StudyRow]
  let repetitions: Int
  let folder: String
  /// The Markdown file into which the table is inserted; nil for none.
  let tableFile: String?
  /// The title of the table, and the command that produces it.
  let title: String
  let command: String
  let options: StudyOptions

  private var common: CommonOptions { options.common }

  /// The time between checkpoints in seconds, normally and with `--quick`.
  private static let (checkpointInterval, quickInterval) = (60.0, 0.25)

  func run() throws {
    // A Markdown file without the marked place is an error before hours of measurement.
    if let tableFile { _ = try MarkedPlace(title, in: tableFile) }
    // A reader that closes the pipe must not end the study: see Console.report.
    signal(SIGPIPE, SIG_IGN)
    let data = try study.dataDescription()
    try study.check(rows)
    common.message("\(title): \(study.kind.source)")
    common.message(study.kind.note)
    common.message("data: \(data)")
    try CacheDirectory.make(folder + "/state")
    let lock = try FolderLock(
      folder,
      orThrow: MoultError(
        .usage, "another moult reproduce works in this folder; wait for it, or choose another one with --out",
        location: folder))
    defer { lock.release() }
    let notebook = StudyNotebook(
      folder: folder + "/state", data: data, stopSignal: Interrupt.install(),
      checkpointInterval: options.isQuick ? Self.quickInterval : Self.checkpointInterval, message: common.message)
    defer { Interrupt.uninstall() }
    var done: [StudyResult] = []
    do {
      for row in rows {
        common.message("\(row.name): \(study.recipe(of: row))")
        let result = try result(of: row, in: notebook)
        done.append(result)
        try write(notebook)
        if common.json { try Console.report(result.json(of: study.kind, isQuick: options.isQuick)) }
      }
    } catch let error as MoultError {
      guard case .interrupted = error.code else { throw error }
      try write(notebook)
      throw MoultError(
        error.code, "interrupted after \(done.count) of \(rows.count) rows; the same command goes on (\(folder))")
    }
    if !common.json { try show(done) }
    let filled = try fillTableFile(notebook)
    common.message("written: \(folder)/results.jsonl, \(folder)/table.md" + (filled.map { ", \($0)" } ?? ""))
  }

  private func result(of row: StudyRow, in notebook: StudyNotebook) throws -> StudyResult {
    var measurements: [Measurement] = []
    for repetition in 0..<repetitions {
      let measurement = try study.measurement(of: row, repetition: repetition, in: notebook)
      guard let value = measurement.values[row.name] else {
        throw MoultError(
          .badData, "expected a value for \(row.name) in what was measured; choose another folder with --out",
          location: folder)
      }
      measurements.append(measurement)
      common.message(
        "\(row.name), \(study.repetitionName) \(repetition + 1) of \(repetitions): "
          + "\(NumberFormat.fixed(value, row.decimals + 1)), "
          + "\(NumberFormat.grouped(measurement.steps)) steps in \(NumberFormat.clock(measurement.seconds))")
    }
    return StudyResult(row: row, recipe: study.recipe(of: row), measurements: measurements)
  }

  /// Returns the results of all stored measurements, also of rows, seeds and splits that were not requested this time.
  private func remembered(_ notebook: StudyNotebook) throws -> [StudyResult] {
    var notebook = notebook
    notebook.measures = false
    return try study.rows.compactMap { row in
      var measurements: [Measurement] = []
      do {
        while measurements.count < study.repetitionLimit ?? .max {
          measurements.append(try study.measurement(of: row, repetition: measurements.count, in: notebook))
        }
      } catch is StudyNotebook.Missing {}
      return measurements.isEmpty
        ? nil : StudyResult(row: row, recipe: study.recipe(of: row), measurements: measurements)
    }
  }

  private func table(_ results: [StudyResult], _ notebook: StudyNotebook) -> String {
    StudyTable(
      command: command, kind: study.kind, isQuick: options.isQuick, data: notebook.data, results: results
    ).markdown
  }

  private func write(_ notebook: StudyNotebook) throws {
    let results = try remembered(notebook)
    let lines = results.map { $0.json(of: study.kind, isQuick: options.isQuick).line + "\n" }.joined()
    try AtomicFile.write(Array(lines.utf8), to: folder + "/results.jsonl")
    if results.isEmpty { return }
    try AtomicFile.write(Array(table(results, notebook).utf8), to: folder + "/table.md")
  }

  /// Inserts the table into the Markdown file. Does nothing while a row of an earlier call has fewer repetitions.
  ///
  /// - Returns: The path of the file if it was changed, otherwise nil.
  private func fillTableFile(_ notebook: StudyNotebook) throws -> String? {
    guard let tableFile else { return nil }
    let results = try remembered(notebook)
    if let poor = results.first(where: { $0.values.count < repetitions }) {
      common.message(
        "\(tableFile): left as it is until \(poor.row.name) has \(repetitions) \(study.repetitionName)s")
      return nil
    }
    try MarkedPlace(title, in: tableFile).fill(table(results, notebook))
    return tableFile
  }

  private func show(_ results: [StudyResult]) throws(MoultError) {
    var table = TextTable(header: StudyResult.header, rightAligned: [2, 3, 4, 5, 6])
    for result in results { table.add(result.cells) }
    for line in table.lines { try Console.report(line) }
  }
}
