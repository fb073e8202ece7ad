import ArgumentParser
import Moult

/// The command `moult predict`: predicts data with a trained model, with uncertainty.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts with a trained model, and says how sure it is.",
    discussion: """
      MODEL is a run folder or its model.safetensors; the file holds all that is needed. DATA is a table with the \
      columns that it was trained on, in any order, with or without the target; for a model of images it is what 'train' \
      takes; where that has a test part of its own, that part is taken, and arrays need no labels. A table may come \
      through a pipe: DATA is - then.

        moult predict runs/houses houses.csv --out predictions.csv
        moult predict runs/houses houses.csv --samples 0
        moult predict runs/houses - --samples 10 < houses.csv
        moult predict runs/first digits --samples 30 --json

      Every row gets a prediction, in order. For a number: mean, standard deviation, and the interval that holds \
      --level of observations. For classes: the most probable one, the probability of each, entropy (all uncertainty) \
      and mutual information (the uncertainty that more training data could remove), in nats.
      """)

  @OptionGroup var source: ModelAndData

  @Option(
    help: ArgumentHelp("Where the predictions go. Default: standard output.", valueName: "file"), completion: .file())
  var out: String?

  @Option(help: ArgumentHelp("The fraction of observations that an interval holds.", valueName: "fraction"))
  var level = 0.9

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws {
    try source.check()
    try expect(level > 0 && level < 1, "level", "more than 0 and less than 1", got: level)
  }

  func run() throws {
    common.apply()
    let (model, samples) = try source.opened(common, for: .predicting)
    let lines = PredictionLines(
      outputNames: model.trained.outputNames, width: standardDeviations(holding: level))
    guard let out else {
      if !common.json { try Console.result(lines.header) }
      _ = try write(model, samples, lines, isJSON: common.json) { text throws(MoultError) in try Console.part(text) }
      return report(samples)
    }
    var count = 0
    try AtomicFile.write(to: out) { file throws(MoultError) in
      try file.write(Array((lines.header + "\n").utf8))
      count = try write(model, samples, lines, isJSON: false) { text throws(MoultError) in
        try file.write(Array(text.utf8))
      }
    }
    report(samples)
    if common.json {
      try Console.result(["schema": 1, "event": "predicted", "rows": .integer(count), "out": .string(out)])
    } else {
      common.message("\(NumberFormat.grouped(count)) predictions in \(out)")
    }
  }

  /// Writes all predictions, one batch at a time. Returns their number.
  private func write(
    _ model: LoadedModel, _ samples: SampleSource, _ lines: PredictionLines, isJSON: Bool,
    to write: (String) throws(MoultError) -> Void
  ) throws(MoultError) -> Int {
    var count = 0
    while let batch = try samples.nextBatch() {
      var text = ""
      for prediction in try source.predictions(batch, model, common) {
        count += 1
        text += (isJSON ? lines.json(prediction, row: count).line : lines.line(prediction, row: count)) + "\n"
      }
      try write(text)
    }
    return count
  }

  private func report(_ samples: SampleSource) { for line in samples.notes { common.message(line) } }
}
