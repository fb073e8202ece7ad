import Moult
import MoultReport

extension TrainingJob {
  /// Returns the report of the run, from which its page is made.
  func runReport(_ outcome: TrainingOutcome) -> RunReport {
    let model = outcome.model
    var report = RunReport(
      title: title, history: outcome.history,
      ending: outcome.history.interrupted == TimeLimit.signal ? .stoppedEarly("the time was up") : nil)
    report.command = command
    report.configuration = settings.values.rows
    report.data = DataDescription(name: source, counts: data.parts)
    report.network = NetworkDescription(
      summary: "\(layers), \(settings.network.variantName) \(settings.network.dropout)",
      parameterCount: settings.network.parameterCount)
    report.machine = "\(threadCount) thread\(threadCount == 1 ? "" : "s"), \(Kernels.instructionSet)"
    let samples = data.imageSize == nil ? "rows" : "images"
    report.train = FinalMetrics(
      name: "training \(samples)", count: data.train.count, loss: outcome.train.loss,
      accuracy: outcome.train.accuracy, rootMeanSquaredError: outcome.train.regression?.rootMeanSquaredError)
    report.test = FinalMetrics(
      name: "test \(samples)", count: data.test.count, loss: outcome.test.loss, accuracy: outcome.test.accuracy,
      rootMeanSquaredError: outcome.test.regression?.rootMeanSquaredError)
    report.constantRates = model.rates
    if data.target.task == .classification {
      report.classification = ClassificationReport(model, data)
      if !model.isStochastic {
        report.remarks[.confidence] = "Nothing is dropped in this network, so passes do not differ."
      }
    } else {
      report.regression = RegressionReport(model, data, metrics: outcome.test, noise: outcome.noise)
      if data.isValidatedOnTest {
        report.remarks[.confidence] =
          "The noise was estimated on the test part, on which therefore it cannot be evaluated: "
          + "train with --validation-share."
      }
    }
    model.train()
    let batch = data.train.batch(at: Array(0..<min(batchSize, data.train.count)))
    report.sparsity = SparsityMeasuring(model: model, layers: layers, batch: batch, loss: data.loss()).measured()
    report.sparsitySamples = batch.count
    report.weightNorms = model.weightNorms(limit: settings.network.maxNorm)
    return report
  }

  private var title: String {
    settings.network.dropout > 0 || settings.network.inputDropout > 0
      ? "\(source) with \(settings.network.variantName) \(settings.network.dropout)"
      : "\(source) without dropout"
  }

  /// The command that repeats the run.
  private var command: [String] {
    ["moult", "train"]
      + Setting.all.flatMap { setting -> [String] in
        switch setting.json(settings.values) {
        case .null: return []
        case .string(let text): return setting.key == "data.source" ? [text] : ["--\(setting.option)", text]
        case .array(let names):
          let texts = names.compactMap { name in if case .string(let text) = name { text } else { nil } }
          if texts.isEmpty { return [] }
          // An option separates names by commas, so names that contain commas need `--set`.
          return texts.contains { $0.contains(",") }
            ? ["--set", "\(setting.key)=\(setting.json(settings.values).line)"]
            : ["--\(setting.option)", texts.joined(separator: ",")]
        case let value: return ["--\(setting.option)", value.line]
        }
      }
  }

  /// Writes the page and its charts.
  func write(_ report: RunReport, to folder: RunFolder) throws(MoultError) {
    try folder.write(page: report.html(), charts: report.charts())
  }
}

extension RunFolder {
  /// Writes a page, and its charts as separate files.
  func write(page: String, charts: [ReportChart]) throws(MoultError) {
    try CacheDirectory.make(self.charts)
    for chart in charts { try AtomicFile.write(Array(chart.svg.utf8), to: "\(self.charts)/\(chart.fileName)") }
    try AtomicFile.write(Array(page.utf8), to: self.page)
  }
}

extension TrainingOptions {
  /// The settings as rows of a table.
  var rows: [ReportRow] {
    Setting.all.map { setting in
      let value = setting.json(self)
      let text: String
      switch value {
      case .null: text = "-"
      case .string(let string): text = string
      default: text = value.line
      }
      return ReportRow(setting.key, text)
    }
  }
}

extension TrainingData {
  /// The parts of the data with their numbers of samples.
  var parts: [(part: String, samples: Int)] {
    isValidatedOnTest
      ? [("training", train.count), ("test (looked at during training too)", test.count)]
      : [("training", train.count), ("validation", validation.count), ("test", test.count)]
  }
}
