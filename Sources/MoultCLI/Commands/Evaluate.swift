import ArgumentParser
import Moult
import MoultPlatform

/// The command `moult evaluate`: computes the metrics of a trained model on data with known targets.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluates a trained model on data with known targets.",
    discussion: """
      MODEL and DATA are as for 'moult predict'; rows without a target are passed over. It is evaluated on samples \
      that the network did not learn from: the test part that the data bring, or of the data of training the part \
      that was split off there. Of other data all samples are taken. A line says which.

        moult evaluate runs/houses houses.csv
        moult evaluate runs/houses houses.csv --all
        moult evaluate runs/first digits --samples 0 --json

      For classes: accuracy, negative log-likelihood, and the calibration error, by how much stated probabilities differ \
      from how often they are right. For a number: errors in its own unit, R² (the fraction of the variance \
      explained), negative log-likelihood, and how many values lie in the 90 % interval.
      """)

  @OptionGroup var source: ModelAndData

  @Flag(help: "Evaluate on all samples, also those that the network learned from.")
  var all = false

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws { try source.check() }

  func run() throws {
    common.apply()
    let (model, samples) = try source.opened(common, for: .evaluating(all: all))
    var predictions: [RowPrediction] = [], targets: [Double] = [], unknown = 0
    while let batch = try samples.nextBatch() {
      for (prediction, target) in zip(try source.predictions(batch, model, common), batch.targets) {
        guard let target else { continue }
        if target.isNaN {
          unknown += 1
        } else {
          predictions.append(prediction)
          targets.append(target)
        }
      }
    }
    for line in samples.notes { common.message(line) }
    if let evaluated = samples.evaluated { common.message(evaluated.line) }
    if unknown > 0 {
      common.message(
        "note: \(NumberFormat.grouped(unknown)) samples of classes that the model does not know are left out")
    }
    guard !targets.isEmpty else {
      throw MoultError(
        .badData, "expected rows with a known target, got none; 'moult predict' needs no target", location: source.data)
    }
    if model.trained.target.task == .regression, model.described.data?.isValidatedOnTest == true,
      samples.evaluated?.part == "test"
    {
      common.message(
        "note: the noise of intervals was estimated on the test part, so that the fraction in them is no test of it; "
          + "train with --validation-share")
    }
    let metrics = Self.metrics(predictions, targets)
    if common.json {
      try Console.result(
        .object(
          [
            .init(key: "schema", value: 1), .init(key: "event", value: "evaluated"),
            .init(key: "samples", value: .integer(targets.count)),
            .init(key: "unknown", value: .integer(unknown)),
            .init(key: "part", value: .optional(text: samples.evaluated?.part)),
            .init(key: "learned_from", value: .optional(text: samples.evaluated?.learned.rawValue)),
          ] + metrics.map { .init(key: $0.key, value: .number($0.value)) }))
    } else {
      var table = TextTable(header: ["metric", "value"], rightAligned: [1])
      table.add(["samples", NumberFormat.grouped(targets.count)])
      for metric in metrics { table.add([metric.name, metric.text]) }
      for line in table.lines { try Console.result(line) }
    }
  }

  private struct Metric {
    let key, name: String
    let value: Double
    var isFraction = false
    var text: String { isFraction ? NumberFormat.percent(value) : NumberFormat.significant(value) }
  }

  private static func metrics(_ predictions: [RowPrediction], _ targets: [Double]) -> [Metric] {
    let numbers = zip(predictions, targets).compactMap { prediction, target in
      prediction.number.map { (mean: $0.mean, deviation: $0.deviation, target: target) }
    }
    return numbers.isEmpty
      ? classMetrics(predictions.compactMap(\.classes), targets.map { Int($0) }) : numberMetrics(numbers)
  }

  private static func classMetrics(_ predictions: [ClassPrediction], _ labels: [Int]) -> [Metric] {
    let classCount = predictions.first?.probabilities.count ?? 0
    let rows = Tensor(predictions.flatMap(\.probabilities), shape: [labels.count, classCount])
    let classes = Tensor(labels: labels)
    let right = zip(predictions, labels).count { $0.index == $1 }
    let accuracy = Double(right) / Double(labels.count)
    return [
      Metric(key: "accuracy", name: "accuracy", value: accuracy, isFraction: true),
      Metric(key: "error", name: "error", value: 1 - accuracy, isFraction: true),
      Metric(
        key: "negative_log_likelihood", name: "negative log-likelihood", value: negativeLogLikelihood(rows, classes)),
      Metric(
        key: "calibration_error", name: "calibration error",
        value: ReliabilityDiagram(rows, classes).expectedCalibrationError),
      Metric(key: "brier_score", name: "Brier score", value: brierScore(rows, classes)),
    ]
  }

  private static func numberMetrics(_ rows: [(mean: Double, deviation: Double, target: Double)]) -> [Metric] {
    let count = Double(rows.count), center = rows.reduce(0) { $0 + $1.target } / count
    func mean(_ value: ((mean: Double, deviation: Double, target: Double)) -> Double) -> Double {
      rows.reduce(0) { $0 + value($1) } / count
    }
    let square = mean { ($0.mean - $0.target) * ($0.mean - $0.target) }
    let spread = mean { ($0.target - center) * ($0.target - center) }
    let width = standardDeviations(holding: 0.9)
    return [
      Metric(key: "rmse", name: "RMSE", value: square.squareRoot()),
      Metric(key: "mae", name: "mean absolute error", value: mean { abs($0.mean - $0.target) }),
      Metric(key: "r2", name: "R²", value: spread > 0 ? 1 - square / spread : 0),
      Metric(
        key: "negative_log_likelihood", name: "negative log-likelihood",
        value: mean {
          let z = ($0.mean - $0.target) / $0.deviation
          return z * z / 2 + log($0.deviation) + log(2 * Double.pi) / 2
        }),
      Metric(
        key: "interval_coverage", name: "in the 90 % interval",
        value: mean { abs($0.mean - $0.target) <= width * $0.deviation ? 1 : 0 }, isFraction: true),
    ]
  }
}
