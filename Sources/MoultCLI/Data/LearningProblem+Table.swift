import Moult

extension LearningProblem {
  /// The rows of a table.
  init(_ table: TrainingTable) {
    task = Task(table.encoding)
    (train, validation, test, isValidatedOnTest) = (table.train, table.validation, table.test, false)
    self.table = table
    isTestSplitOff = true
    recipe = .tables(rowCount: table.train.count)
  }

  /// Reads the table that the settings speak of.
  init(table path: String, _ given: GivenSettings) throws(MoultError) {
    guard let options = given.tableOptions else {
      let names = try CSVReader(path: path, delimiter: given.delimiter?.delimiter).names
      throw MoultError(
        .usage,
        "--target: expected the column of the table to predict, got none; the table has "
          + names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : ""),
        location: path)
    }
    var shares = TrainingTable.Shares()
    if options.splitColumn != nil {
      for (option, share) in [("validation-share", given.validationShare), ("test-share", given.testShare)]
      where share != nil {
        throw MoultError(.usage, "--\(option): expected without --split-column, which says what each row is for")
      }
    }
    if let share = given.validationShare { shares.validation = share }
    if let share = given.testShare { shares.test = share }
    guard shares.validation > 0, shares.validation + shares.test < 1 else {
      throw MoultError(
        .usage,
        "--validation-share: expected more than 0, and less than 1 with --test-share, got \(shares.validation) and "
          + "\(shares.test); choose smaller shares")
    }
    self.init(
      try TrainingTable(path: path, options: options, shares: shares, seed: given.splitSeed ?? given.seed ?? 0))
  }

  /// What a guess that looks at no column gets on the test rows: the most frequent class, or the mean, of training.
  var baseline: Judgement.Figures {
    switch task {
    case .classification:
      let counts = train.labels.scalars(as: Int64.self).reduce(into: [Int](repeating: 0, count: outputSize)) {
        $0[Int($1)] += 1
      }
      let most = counts.indices.max { counts[$0] < counts[$1] } ?? 0
      let labels = test.labels.scalars(as: Int64.self)
      return .classes(error: Double(labels.count { $0 != most }) / Double(max(1, labels.count)))
    case .regression(_, _, let deviation):
      // Standardized targets have the mean 0.
      let labels = test.labels.scalars(as: Double.self), count = Double(max(1, labels.count))
      let mean = labels.reduce(0, +) / count
      let square = labels.reduce(0) { $0 + $1 * $1 } / count
      let spread = square - mean * mean
      return .quantity(
        rootMeanSquare: square.squareRoot() * deviation,
        meanAbsolute: labels.reduce(0) { $0 + abs($1) } / count * deviation,
        explained: spread > 0 ? 1 - square / spread : 0)
    }
  }
}

extension Judgement.Figures {
  /// For people, beside the network's own figures.
  var baselineText: String {
    switch self {
    case .classes(let error): "always the most frequent class: test accuracy \(NumberFormat.percent(1 - error))"
    case .quantity(let rootMeanSquare, let absolute, _):
      "always the mean: test RMSE \(NumberFormat.significant(rootMeanSquare)), mean absolute error "
        + NumberFormat.significant(absolute)
    }
  }

  /// The same for the last JSON line.
  var baselineJSON: JSONOutput {
    switch self {
    case .classes(let error): ["test_error": .number(error), "test_accuracy": .number(1 - error)]
    case .quantity(let rootMeanSquare, let absolute, let explained):
      [
        "test_rmse": .number(rootMeanSquare), "test_mae": .number(absolute), "test_r2": .number(explained),
      ]
    }
  }
}

extension Recipe {
  /// What was found to do well on small tables: see `Documentation/Design/0008-reading-tables.md`.
  static func tables(rowCount: Int) -> Recipe {
    Recipe(
      hiddenSizes: [128, 128], dropout: 0.1, optimizer: .adam, schedule: .constant, epochs: 300,
      batchSize: rowCount > 10_000 ? 128 : 32, patience: 30, validationShare: 0.15)
  }
}
