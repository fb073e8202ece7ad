import Moult

/// The study of the test error of the average of `k` sampled networks, compared with one network with scaled weights.
///
/// One network is trained for each seed, and all rows are measured with it.
///
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), figure 11.
struct SrivastavaSamples: Study {
  let kind = StudyKind.srivastavaSamples
  let options: StudyOptions
  let digits: StudyDigits

  init(_ options: StudyOptions) {
    self.options = options
    digits = StudyDigits(options)
  }

  private static let samples = [1, 2, 5, 10, 20, 50, 100]
  private static let scaledName = "scaled-weights"
  private static let classifier = ClassifierRecipe(
    hiddenSizes: [1024, 1024, 1024], maxNorm: 2, length: .epochs(100))

  private static func name(_ samples: Int) -> String { "samples-\(samples)" }

  var rows: [StudyRow] {
    ([Self.scaledName] + Self.samples.map(Self.name)).map {
      StudyRow(name: $0, unit: ClassifierLine.unit, decimals: 3)
    }
  }

  var repetitions: Int { ClassifierStudy.seedCount(options) }

  private var recipe: ClassifierRecipe { options.isQuick ? Self.classifier.quick : Self.classifier }

  func recipe(of row: StudyRow) -> String { "\(recipe); averages of \(Self.samples) networks" }

  func dataDescription() throws -> String { try digits.description() }

  func measurement(of row: StudyRow, repetition: Int, in notebook: StudyNotebook) throws -> Measurement {
    let seed = options.common.seed &+ UInt64(repetition), name = "network-seed\(seed)"
    return try notebook.measurement(name, recipe: recipe(of: row)) { checkpoint in
      let data = try digits.load()
      let training = ClassifierTraining(recipe: recipe, data: data.train, seed: seed)
      let outcome = try training.run(name, checkpoint: checkpoint, in: notebook)
      var values = [Self.scaledName: try ClassifierTraining.errorPercentage(of: outcome.model, on: data.test)]
      let labels = data.test.labels.scalars(as: Int64.self), inputs = data.test.inputs
      for samples in Self.samples {
        let answer = withSeed(seed) { outcome.model.predict(inputs, passes: samples, as: .classification) }
        let guesses = answer.mean.argmax(axis: 1).scalars(as: Int64.self)
        let wrong = zip(guesses, labels).count { $0 != $1 }
        values[Self.name(samples)] = 100 * Double(wrong) / Double(labels.count)
      }
      return Measurement(values: values, steps: outcome.steps, seconds: outcome.seconds)
    }
  }
}
