import ArgumentParser
import Moult

/// The command `moult reproduce`: repeats experiments of papers.
struct Reproduce: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the experiments of papers again, beside their figures.",
    discussion: """
        moult reproduce                          the studies
        moult reproduce srivastava-mnist --list  its rows, recipes and figures
        moult reproduce srivastava-mnist --row relu-3x1024
        moult reproduce wan-dropconnect --quick
        moult reproduce gal-uci --data UCI --set yacht --json

      Images are those of MNIST, from the cache ('moult data download mnist') or from a folder of IDX files \
      (--data); gal-uci takes --data, a folder of sets with their published splits, and --set. --quick runs a \
      small version in a minute or two, of the bundled digits where images are learned from.

      A row is measured with several seeds, or on all splits, and printed with the standard error of its mean; steps \
      and time are those of all of them, time without reading and judging for images. Recipes are fixed, and printed.

      Ctrl-C stops a study; the same command goes on. What is finished (a seed, or a point of a split's grid) is \
      kept in --out, and a training of images goes on from a checkpoint, which it leaves after the first epoch that \
      ends a minute or more after the last one. --out gets results.jsonl and table.md; --table FILE puts the table between the lines \
      '<!-- moult reproduce NAME: begin -->' and '... end -->' of a Markdown file too (NAME SET for gal-uci).
      """)

  @Argument(
    help: "The study; without it all are listed.", completion: .list(StudyKind.allCases.map(\.rawValue)),
    transform: { try StudyKind(named: $0) })
  var name: StudyKind?

  @Option(
    help: ArgumentHelp("mnist, digits, a folder of IDX files, or for gal-uci a folder of sets.", valueName: "data"),
    completion: .directory)
  var data: String?

  @Option(help: ArgumentHelp("The set of gal-uci, such as yacht.", valueName: "name"))
  var set: String?

  @Option(name: .customLong("row"), help: ArgumentHelp("Run this row alone; may be repeated.", valueName: "name"))
  var rowNames: [String] = []

  @Option(help: ArgumentHelp("Seeds, or splits from the first on. Default: 3 seeds, all splits.", valueName: "count"))
  var seeds: Int?

  @Flag(help: "Run a small version, whose figures are not the paper's.")
  var quick = false

  @Flag(help: "List the rows of the study and run nothing.")
  var list = false

  @Option(
    help: ArgumentHelp("Where results go. Default: runs/reproduce/<study>.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @Option(
    help: ArgumentHelp("A Markdown file that gets the table between its markers.", valueName: "file"),
    completion: .file(extensions: ["md"]))
  var table: String?

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws {
    if let seeds { try expect((1...1_000).contains(seeds), "seeds", "1 to 1000", got: seeds) }
    guard let name else {
      if !rowNames.isEmpty || self.set != nil || data != nil || quick || list || out != nil || table != nil {
        throw ValidationError("expected the name of a study; moult reproduce alone lists them")
      }
      return
    }
    if name == .galUCI {
      if data == nil { throw ValidationError("--data: expected a folder of UCI sets with gal-uci") }
      if self.set == nil { throw ValidationError("--set: expected the name of a set with gal-uci, such as yacht") }
    } else if self.set != nil {
      throw ValidationError("--set: expected with gal-uci only, got \(name.rawValue)")
    }
  }

  func run() throws {
    common.apply()
    guard let name else { return try listStudies() }
    let options = StudyOptions(data: data, set: self.set, isQuick: quick, common: common)
    let study = try name.study(options)
    let rows = try chosenRows(of: study)
    if list { return try listRows(rows, of: study) }
    let limit = study.repetitionLimit
    if let seeds, let limit { try expect(seeds <= limit, "seeds", "at most \(limit) splits", got: seeds) }
    let title = ([name.rawValue] + (self.set.map { [$0] } ?? [])).joined(separator: " ")
    let folder = title.replacing(" ", with: "-") + (quick ? "-quick" : "")
    let runner = StudyRunner(
      study: study, rows: rows, repetitions: seeds ?? study.repetitions, folder: out ?? "runs/reproduce/\(folder)",
      tableFile: table, title: title, command: command(name), options: options)
    try runner.run()
  }

  private func chosenRows(of study: any Study) throws -> [StudyRow] {
    if rowNames.isEmpty { return study.rows }
    return try rowNames.map { name in
      if let row = study.rows.first(where: { $0.name == name }) { return row }
      throw MoultError(
        .usage,
        "--row: expected a row of \(study.kind.rawValue), got '\(name.visible)'; "
          + nearHint(name, among: study.rows.map(\.name)) + "--list shows all")
    }
  }

  /// Returns the command that produces the table on another machine, with FOLDER in place of a path.
  private func command(_ name: StudyKind) -> String {
    var words = ["moult reproduce", name.rawValue]
    switch data {
    case nil: break
    case "mnist", "digits": words += ["--data", data ?? ""]
    default: words += ["--data", "FOLDER"]
    }
    if let set { words += ["--set", set] }
    if quick { words.append("--quick") }
    if let seeds { words += ["--seeds", String(seeds)] }
    if common.seed != 0 { words += ["--seed", String(common.seed)] }
    return words.joined(separator: " ")
  }

  private func listStudies() throws {
    var table = TextTable(header: ["study", "what", "source"])
    for kind in StudyKind.allCases {
      table.add([kind.rawValue, kind.summary, kind.source])
      guard common.json else { continue }
      try Console.result(
        [
          "schema": 1, "event": "study", "name": .string(kind.rawValue), "summary": .string(kind.summary),
          "source": .string(kind.source), "note": .string(kind.note),
        ])
    }
    if !common.json { for line in table.lines { try Console.result(line) } }
  }

  private func listRows(_ rows: [StudyRow], of study: any Study) throws {
    var table = TextTable(header: ["row", "paper", "unit", "recipe"], rightAligned: [1])
    for row in rows {
      let recipe = study.recipe(of: row)
      table.add([row.name, row.paper.map { NumberFormat.fixed($0, row.decimals) } ?? "-", row.unit, recipe])
      guard common.json else { continue }
      try Console.result(
        [
          "schema": 1, "event": "row", "study": .string(study.kind.rawValue), "row": .string(row.name),
          "unit": .string(row.unit), "paper": .optional(row.paper), "recipe": .string(recipe),
        ])
    }
    if !common.json { for line in table.lines { try Console.result(line) } }
  }
}
