import Moult

/// A row of a classifier study, with its recipe.
struct ClassifierLine {
  let row: StudyRow
  let recipe: ClassifierRecipe
  /// The number of training images, which are chosen by the seed; nil for all.
  let trainingCount: Int?

  static let unit = "test error, %"

  init(_ name: String, paper: Double? = nil, _ recipe: ClassifierRecipe, trainingCount: Int? = nil) {
    row = StudyRow(name: name, unit: Self.unit, paper: paper)
    self.recipe = recipe
    self.trainingCount = trainingCount
  }
}

/// A study that measures test errors of image classifiers. One network is trained for each row and seed.
struct ClassifierStudy: Study {
  let kind: StudyKind
  let lines: [ClassifierLine]
  let options: StudyOptions
  let digits: StudyDigits

  /// Returns the default number of seeds for each row.
  static func seedCount(_ options: StudyOptions) -> Int { options.isQuick ? 2 : 3 }

  init(_ kind: StudyKind, _ lines: [ClassifierLine], _ options: StudyOptions) {
    (self.kind, self.lines, self.options) = (kind, lines, options)
    digits = StudyDigits(options)
  }

  var rows: [StudyRow] { lines.map(\.row) }
  var repetitions: Int { Self.seedCount(options) }

  private func line(of row: StudyRow) -> ClassifierLine {
    guard let line = lines.first(where: { $0.row.name == row.name }) else {
      fatalError("ClassifierStudy: expected one of its own rows, got \(row.name)")
    }
    return line
  }

  /// Returns the recipe, or its small version with `--quick`.
  private func resolved(_ line: ClassifierLine) -> ClassifierRecipe {
    options.isQuick ? line.recipe.quick : line.recipe
  }

  func recipe(of row: StudyRow) -> String {
    let line = line(of: row)
    let count = line.trainingCount.map { ", \(NumberFormat.grouped($0)) training images chosen by the seed" }
    return "\(resolved(line))\(count ?? "")"
  }

  func dataDescription() throws -> String { try digits.description() }

  func check(_ rows: [StudyRow]) throws {
    let count = try digits.load().train.count
    for row in rows {
      guard let wanted = line(of: row).trainingCount, wanted > count else { continue }
      throw MoultError(
        .badData,
        "row \(row.name): expected \(wanted) training images or more, got \(count); choose rows with --row")
    }
  }

  func measurement(of row: StudyRow, repetition: Int, in notebook: StudyNotebook) throws -> Measurement {
    let seed = options.common.seed &+ UInt64(repetition), name = "\(row.name)-seed\(seed)"
    return try notebook.measurement(name, recipe: recipe(of: row)) { checkpoint in
      let line = line(of: row)
      let training = ClassifierTraining(
        recipe: resolved(line), data: try trainingData(of: line, seed: seed), seed: seed)
      let outcome = try training.run(name, checkpoint: checkpoint, in: notebook)
      let error = try ClassifierTraining.errorPercentage(of: outcome.model, on: digits.load().test)
      return Measurement(values: [row.name: error], steps: outcome.steps, seconds: outcome.seconds)
    }
  }

  /// Returns the training images of a row. Rows with the same number of images and seed have the same images.
  private func trainingData(of line: ClassifierLine, seed: UInt64) throws -> TensorDataset {
    let all = try digits.load().train
    guard let count = line.trainingCount else { return all }
    return all.split(Double(count) / Double(all.count), seed: seed).1
  }
}
