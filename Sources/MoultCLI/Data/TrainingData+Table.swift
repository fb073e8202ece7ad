import Moult
import MoultReport

extension TrainingData {
  /// Creates training data from the rows of a table.
  init(_ table: TrainingTable) {
    target = table.encoding.target
    (train, validation, test, isValidatedOnTest) = (table.train, table.validation, table.test, false)
    self.table = table
    isTestSplitOff = true
    recipe = .tables(rowCount: table.train.count)
  }

  /// Reads the table at `path` with the options in the settings.
  ///
  /// - Throws: `.usage` for settings that do not fit the table, and the errors of reading it.
  init(table path: String, _ overrides: TrainingOptions) throws(MoultError) {
    guard let options = overrides.tableOptions else {
      let names = try CSVReader(path: path, delimiter: overrides.table.delimiter?.delimiter).names
      throw MoultError(
        .usage,
        "--target: expected the column of the table to predict, got none; the table has "
          + names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : ""),
        location: path)
    }
    var fractions = TrainingTable.Shares()
    if options.splitColumn != nil {
      for (option, fraction) in [
        ("validation-share", overrides.settings.validationFraction), ("test-share", overrides.table.testFraction),
      ] where fraction != nil {
        throw MoultError(.usage, "--\(option): expected without --split-column, which says what each row is for")
      }
    }
    if let fraction = overrides.settings.validationFraction { fractions.validation = fraction }
    if let fraction = overrides.table.testFraction { fractions.test = fraction }
    guard fractions.validation > 0, fractions.validation + fractions.test < 1 else {
      throw MoultError(
        .usage,
        "--validation-share: expected more than 0, and less than 1 with --test-share, got \(fractions.validation) and "
          + "\(fractions.test); choose smaller fractions")
    }
    self.init(
      try TrainingTable(
        path: path, options: options, shares: fractions, seed: overrides.settings.splitSeed ?? overrides.seed ?? 0))
  }

  /// The test metrics of a baseline that ignores the inputs: it predicts the most frequent class of the training part,
  /// or the mean of its targets.
  var baseline: EvaluationMetrics {
    if target.task == .classification {
      let counts = train.labels.scalars(as: Int64.self).reduce(into: [Int](repeating: 0, count: outputSize)) {
        $0[Int($1)] += 1
      }
      let most = counts.indices.max { counts[$0] < counts[$1] } ?? 0
      let labels = test.labels.scalars(as: Int64.self)
      return EvaluationMetrics(loss: .nan, error: Double(labels.count { $0 != most }) / Double(max(1, labels.count)))
    }
    // The mean of the standardized training targets is 0.
    let labels = test.labels.scalars(as: Double.self), count = Double(max(1, labels.count))
    let mean = labels.reduce(0, +) / count
    let square = labels.reduce(0) { $0 + $1 * $1 } / count
    let spread = square - mean * mean
    return EvaluationMetrics(
      loss: .nan,
      regression: RegressionReport.Metrics(
        rootMeanSquaredError: square.squareRoot() * target.deviation,
        meanAbsoluteError: labels.reduce(0) { $0 + abs($1) } / count * target.deviation,
        determination: spread > 0 ? 1 - square / spread : 0))
  }
}
