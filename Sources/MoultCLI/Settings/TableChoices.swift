import ArgumentParser
import Moult

/// The options for tables.
struct TableChoices: ParsableArguments {
  @Option(help: ArgumentHelp("The column to predict. Needed for a table.", valueName: "column"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "Task of the target: classification or regression. Default: classes where it holds texts or only 0 and 1.",
      valueName: "task"))
  var task: LearningTask?

  @Option(
    help: ArgumentHelp(
      "Columns whose numbers are names of categories, with commas between; may be repeated.", valueName: "columns"),
    transform: { $0.split(separator: ",").map(String.init) })
  var categorical: [[String]] = []

  @Option(
    help: ArgumentHelp(
      "Columns that are numbers to learn from, though they count 1, 2, 3 as rows do; with commas between, may be "
        + "repeated.",
      valueName: "columns"),
    transform: { $0.split(separator: ",").map(String.init) })
  var numeric: [[String]] = []

  @Option(
    help: ArgumentHelp("Columns to leave out, with commas between; may be repeated.", valueName: "columns"),
    transform: { $0.split(separator: ",").map(String.init) })
  var ignore: [[String]] = []

  @Option(
    help: ArgumentHelp("A column that says of each row: train, validation or test.", valueName: "column"))
  var splitColumn: String?

  @Option(
    name: .customLong("test-share"),
    help: ArgumentHelp(
      "Fraction of a table's rows that the finished network is evaluated on. Default: 0.15, and 0.15 for "
        + "--validation-share.",
      valueName: "fraction"))
  var testFraction: Double?

  @Option(
    help: ArgumentHelp(
      "What separates the fields of a table. Default: what its first line suggests.", valueName: "kind"))
  var delimiter: DelimiterName?
}

extension LearningTask: ExpressibleByArgument {
  /// The tasks that are possible for tables.
  static let ofTables: [LearningTask] = [.classification, .regression]

  /// Creates a task from its name; nil unless it is possible for tables.
  public init?(argument: String) {
    guard let task = Self.ofTables.first(where: { $0.rawValue == argument }) else { return nil }
    self = task
  }

  /// The names of the tasks that are possible for tables.
  public static var allValueStrings: [String] { ofTables.map(\.rawValue) }
}

extension TrainingOptions {
  /// The options for reading a table; nil if there is no target.
  var tableOptions: TableOptions? {
    guard let target = table.target else { return nil }
    var options = TableOptions(target: target)
    (options.task, options.splitColumn) = (table.task, table.splitColumn)
    options.categorical = table.categorical.flatMap { $0 }
    (options.numeric, options.ignored) = (table.numeric.flatMap { $0 }, table.ignore.flatMap { $0 })
    options.delimiter = table.delimiter?.delimiter
    return options
  }
}
