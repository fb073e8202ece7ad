import ArgumentParser
import Moult

/// What is said about a table on the command line.
struct TableChoices: ParsableArguments {
  @Option(help: ArgumentHelp("The column to predict. Needed for a table.", valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "What to take the target for: classification or regression. Default: classes where it holds texts or only 0 and 1.",
      valueName: "task"))
  var task: TableTask?

  @Option(
    help: ArgumentHelp(
      "Columns whose numbers are names of categories, with commas between; may be repeated.", valueName: "columns"))
  var categorical: [String] = []

  @Option(
    help: ArgumentHelp(
      "Columns that are numbers to learn from, though they count 1, 2, 3 as rows do; with commas between, may be repeated.",
      valueName: "columns"))
  var numeric: [String] = []

  @Option(help: ArgumentHelp("Columns to leave out, with commas between; may be repeated.", valueName: "columns"))
  var ignore: [String] = []

  @Option(
    help: ArgumentHelp("A column that says of each row: train, validation or test.", valueName: "column"))
  var splitColumn: String?

  @Option(
    help: ArgumentHelp(
      "Share of a table's rows that the finished network is judged by. Default: 0.15, and 0.15 for --validation-share.",
      valueName: "share"))
  var testShare: Double?

  @Option(
    help: ArgumentHelp(
      "What separates the fields of a table. Default: what its first line suggests.", valueName: "kind"))
  var delimiter: DelimiterName?

  /// Puts what was given into the settings.
  func add(to given: inout GivenSettings) {
    func names(_ texts: [String]) -> [String]? {
      texts.isEmpty ? nil : texts.flatMap { $0.split(separator: ",").map(String.init) }
    }
    (given.target, given.task, given.splitColumn, given.testShare) = (target, task, splitColumn, testShare)
    (given.categorical, given.numeric) = (names(categorical), names(numeric))
    (given.ignored, given.delimiter) = (names(ignore), delimiter)
  }
}

extension TableTask: ExpressibleByArgument {}

extension GivenSettings {
  /// What was said about a table; nil without a target.
  var tableOptions: TableOptions? {
    guard let target else { return nil }
    var options = TableOptions(target: target)
    (options.task, options.splitColumn) = (task, splitColumn)
    (options.categorical, options.numeric, options.ignored) = (categorical ?? [], numeric ?? [], ignored ?? [])
    options.delimiter = delimiter?.delimiter
    return options
  }
}
