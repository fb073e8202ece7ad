import Moult
import MoultPlatform

/// The study of regression with Monte Carlo dropout on small tables, over published splits.
///
/// For each split, dropout rate and noise precision are chosen by the log-likelihood of the last fifth of the training
/// rows, with networks trained on the other rows. Then a network is trained on all training rows and evaluated on the
/// test rows.
///
/// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142), section 5.2, and the authors' program of
///   2018, which searches a grid for each split:
///   [DropoutUncertaintyExps](https://github.com/yaringal/DropoutUncertaintyExps).
struct GalUCI: Study {
  let kind = StudyKind.galUCI
  let options: StudyOptions
  private let table: UCISet
  private let published: Published?

  /// The authors' results over 20 splits, and the noise precisions of their grid.
  private struct Published {
    let rmse, rmseError, logLikelihood, logLikelihoodError: Double
    let precisions: [Double]
  }

  private static let published: [String: Published] = [
    "bostonHousing": Published(
      rmse: 2.90, rmseError: 0.18, logLikelihood: -2.40, logLikelihoodError: 0.04, precisions: [0.1, 0.15, 0.2]),
    "concrete": Published(
      rmse: 4.82, rmseError: 0.16, logLikelihood: -2.93, logLikelihoodError: 0.02, precisions: [0.025, 0.05, 0.075]),
    "energy": Published(
      rmse: 0.54, rmseError: 0.06, logLikelihood: -1.21, logLikelihoodError: 0.01, precisions: [0.25, 0.5, 0.75]),
    "wine-quality-red": Published(
      rmse: 0.62, rmseError: 0.01, logLikelihood: -0.93, logLikelihoodError: 0.01, precisions: [2.5, 3, 3.5]),
    "yacht": Published(
      rmse: 0.67, rmseError: 0.05, logLikelihood: -1.25, logLikelihoodError: 0.01, precisions: [0.25, 0.5, 0.75]),
  ]

  private static let rates = [0.005, 0.01, 0.05, 0.1]
  private static let hiddenSize = 50
  private static let (batchSize, learningRate, lengthScale) = (128, 0.001, 0.01)
  private static let (epochs, quickEpochs) = (4_000, 40)
  private static let (samples, quickSamples) = (10_000, 200)
  private static let (rmseName, logLikelihoodName) = ("rmse", "log_likelihood")

  init(_ options: StudyOptions) throws {
    self.options = options
    table = try UCISet(options.set ?? "", in: options.data ?? "")
    published = Self.published[table.name]
  }

  var rows: [StudyRow] {
    [
      StudyRow(name: Self.rmseName, unit: "RMSE", paper: published?.rmse, paperError: published?.rmseError),
      StudyRow(
        name: Self.logLikelihoodName, unit: "nats", paper: published?.logLikelihood,
        paperError: published?.logLikelihoodError),
    ]
  }

  var repetitionName: String { "split" }
  var repetitionLimit: Int? { table.splitCount }
  var repetitions: Int { options.isQuick ? min(2, table.splitCount) : table.splitCount }

  private var epochs: Int { options.isQuick ? Self.quickEpochs : Self.epochs }
  private var samples: Int { options.isQuick ? Self.quickSamples : Self.samples }
  private var precisions: [Double] { published?.precisions ?? table.precisions }

  func recipe(of row: StudyRow) -> String {
    "\(table.featureCount)-\(Self.hiddenSize)-1, ReLU, dropout before both layers, rate from \(Self.rates) and noise "
      + "precision from \(precisions) by log-likelihood of the last 20 % of the training rows; inputs and targets "
      + "standardized on what is learned from; Glorot-uniform weights, biases 0, length scale \(Self.lengthScale), "
      + "Adam \(Self.learningRate), batch \(Self.batchSize), \(NumberFormat.grouped(epochs)) epochs, "
      + "\(NumberFormat.grouped(samples)) passes, seed \(options.common.seed)"
  }

  func dataDescription() throws -> String { table.description }

  /// A point of the grid: a rate and a precision.
  private struct Setting: CustomStringConvertible {
    let rate, precision: Double
    var description: String { "rate\(rate)-precision\(precision)" }
  }

  func measurement(of row: StudyRow, repetition: Int, in notebook: StudyNotebook) throws -> Measurement {
    let split = table.split(repetition), recipe = recipe(of: row), name = "\(table.name)-split\(repetition)"
    let (learning, validation) = split.train.parts(0.8)
    var points: [(setting: Setting, measurement: Measurement)] = []
    for rate in Self.rates {
      for precision in precisions {
        let setting = Setting(rate: rate, precision: precision)
        let measurement = try notebook.measurement("\(name)-\(setting)", recipe: recipe) { _ in
          try measure(setting, on: learning, evaluatedBy: validation, split: repetition, in: notebook)
        }
        points.append((setting, measurement))
      }
    }
    // Of equal likelihoods the first is taken, as in the authors' program.
    func likelihood(_ point: Measurement) -> Double { point.values[Self.logLikelihoodName] ?? -.infinity }
    guard let first = points.first else {
      throw MoultError(.badData, "expected noise precisions to choose from, got none", location: table.name)
    }
    let best = points.dropFirst().reduce(first) { likelihood($1.measurement) > likelihood($0.measurement) ? $1 : $0 }
    let test = try notebook.measurement("\(name)-test-\(best.setting)", recipe: recipe) { _ in
      try measure(best.setting, on: split.train, evaluatedBy: split.test, split: repetition, in: notebook)
    }
    return Measurement(
      values: test.values, steps: points.reduce(test.steps) { $0 + $1.measurement.steps },
      seconds: points.reduce(test.seconds) { $0 + $1.measurement.seconds })
  }

  /// Trains a network and evaluates it on other rows, in the unit of the targets.
  private func measure(
    _ setting: Setting, on train: UCITable, evaluatedBy test: UCITable, split: Int, in notebook: StudyNotebook
  ) throws -> Measurement {
    let clock = ContinuousClock(), start = clock.now
    let scale = try UCIScale(train), data = TensorDataset(inputs: scale.inputs(train), labels: scale.targets(train))
    let posterior = DropoutPosterior(
      rate: setting.rate, lengthScale: Self.lengthScale, noisePrecision: setting.precision, sampleCount: train.count)
    let seed = options.common.seed &+ UInt64(split)
    return try withSeed(seed) {
      let model = Sequential(
        Dropout(setting.rate), Linear(table.featureCount, Self.hiddenSize, initializer: .xavierUniform()), ReLU(),
        Dropout(setting.rate), Linear(Self.hiddenSize, 1, initializer: .xavierUniform()))
      for parameter in model.parameters() where parameter.shape.count == 1 {
        parameter.value = .zeros(parameter.shape)
      }
      let trainer = Trainer(
        model,
        optimizer: Adam(
          model.parameters(), learningRate: Self.learningRate, weightDecay: posterior.publishedWeightDecay),
        loss: { meanSquaredError($0, $1) }, seed: seed, stopSignal: notebook.stopSignal)
      let history = try trainer.fit(data, epochs: epochs, batchSize: Self.batchSize)
      if let signal = history.interrupted { throw MoultError(.interrupted(signal: signal), "interrupted") }
      let values = metrics(of: model, posterior, scale, on: test)
      guard values.values.allSatisfy(\.isFinite) else {
        throw MoultError(
          .badData,
          "split \(split), \(setting): expected finite metrics; a row that the network was evaluated on may be out of "
            + "any scale",
          location: table.name)
      }
      return Measurement(values: values, steps: trainer.completedSteps, seconds: (clock.now - start) / .seconds(1))
    }
  }

  /// Computes the metrics in the unit of the targets. The log-density in that unit is that of standardized targets
  /// minus the logarithm of their standard deviation.
  private func metrics(
    of model: Sequential, _ posterior: DropoutPosterior, _ scale: UCIScale, on test: UCITable
  ) -> [String: Double] {
    let targets = scale.targets(test), deviation = scale.targetDeviation
    let prediction = model.predict(
      scale.inputs(test), passes: samples, as: .regression,
      targets: ObservedTargets(
        targets, noise: .precision(posterior.noisePrecision * deviation * deviation)))
    let pairs = zip(prediction.mean.scalars(as: Double.self), targets.scalars(as: Double.self))
    let squares = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let likelihoods = prediction.logLikelihood.scalars(as: Double.self)
    return [
      Self.rmseName: deviation * (squares / Double(test.count)).squareRoot(),
      Self.logLikelihoodName: likelihoods.reduce(0, +) / Double(test.count) - log(deviation),
    ]
  }
}
