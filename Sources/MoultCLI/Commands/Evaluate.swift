import ArgumentParser
import Moult
import MoultPlatform

/// `moult evaluate`: how right a trained model is on data that say what is right, and how well it knows.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judges a trained model on data with known answers.",
    discussion: """
      MODEL and DATA are as for 'moult predict'; rows without a target are passed over. Judged are samples that the \
      network did not learn from: the test part that the data bring, or of the data of training the part that was split \
      off there. Other data are judged whole. A line says which.

        moult evaluate runs/houses houses.csv
        moult evaluate runs/houses houses.csv --all
        moult evaluate runs/first digits --samples 0 --json

      For classes: accuracy, negative log-likelihood, and the calibration error, by how much stated probabilities differ \
      from how often they are right. For a quantity: errors in its own unit, R² (the share of the variance explained), \
      negative log-likelihood, and how many values lie in the 90 % interval.
      """)

  @OptionGroup var source: ModelAndData

  @Flag(help: "Judge all samples, also those that the network learned from.")
  var all = false

  @OptionGroup(title: "Everywhere") var common: CommonOptions

  func validate() throws { try source.check() }

  func run() throws {
    common.apply()
    let (maker, samples) = try source.open(common, for: .judging(all: all))
    var answers: [AnswerMaker.Answer] = [], targets: [Double] = [], unknown = 0
    while let batch = try samples.nextBatch() {
      for (answer, target) in zip(maker.answers(batch), batch.targets) {
        guard let target else { continue }
        if target.isNaN {
          unknown += 1
        } else {
          answers.append(answer)
          targets.append(target)
        }
      }
    }
    for line in samples.notes { common.message(line) }
    if let judged = samples.judged { common.message(judged.line) }
    if unknown > 0 {
      common.message(
        "note: \(NumberFormat.grouped(unknown)) samples of classes that the model does not know are left out")
    }
    guard !targets.isEmpty else {
      throw MoultError(
        .badData, "expected rows with a known target, got none; 'moult predict' needs no target", location: source.data)
    }
    if case .regression = maker.saved.task, maker.saved.data?.isValidatedOnTest == true, samples.judged?.part == "test"
    {
      common.message(
        "note: the noise of intervals was estimated on the test part, so that the share in them is no test of it; train "
          + "with --validation-share")
    }
    let figures = Self.figures(answers, targets)
    if common.json {
      try Console.result(
        .object(
          [
            .init(key: "schema", value: 1), .init(key: "event", value: "evaluated"),
            .init(key: "samples", value: .integer(targets.count)),
            .init(key: "unknown", value: .integer(unknown)),
            .init(key: "part", value: .optional(samples.judged?.part)),
            .init(key: "learned_from", value: .optional(samples.judged?.learned.rawValue)),
          ] + figures.map { .init(key: $0.key, value: .number($0.value)) }))
    } else {
      var table = TextTable(header: ["figure", "value"], rightAligned: [1])
      table.add(["samples", NumberFormat.grouped(targets.count)])
      for figure in figures { table.add([figure.name, figure.text]) }
      for line in table.lines { try Console.result(line) }
    }
  }

  private struct Figure {
    let key, name: String
    let value: Double
    var isShare = false
    var text: String { isShare ? NumberFormat.percent(value) : NumberFormat.significant(value) }
  }

  private static func figures(_ answers: [AnswerMaker.Answer], _ targets: [Double]) -> [Figure] {
    var probabilities: [Double] = [], labels: [Int] = []
    var pairs: [(mean: Double, deviation: Double, target: Double)] = []
    for (answer, target) in zip(answers, targets) {
      switch answer {
      case .classes(let row, _, _):
        probabilities += row
        labels.append(Int(target))
      case .quantity(let mean, let deviation): pairs.append((mean, deviation, target))
      }
    }
    return pairs.isEmpty ? classFigures(probabilities, labels) : quantityFigures(pairs)
  }

  private static func classFigures(_ probabilities: [Double], _ labels: [Int]) -> [Figure] {
    let classCount = probabilities.count / labels.count
    let rows = Tensor(probabilities, shape: [labels.count, classCount]), classes = Tensor(labels: labels)
    let right = labels.indices.count { row in
      Array(probabilities[row * classCount..<(row + 1) * classCount]).greatestIndex == labels[row]
    }
    let accuracy = Double(right) / Double(labels.count)
    return [
      Figure(key: "accuracy", name: "accuracy", value: accuracy, isShare: true),
      Figure(key: "error", name: "error", value: 1 - accuracy, isShare: true),
      Figure(
        key: "negative_log_likelihood", name: "negative log-likelihood", value: negativeLogLikelihood(rows, classes)),
      Figure(
        key: "calibration_error", name: "calibration error",
        value: ReliabilityDiagram(rows, classes).expectedCalibrationError),
      Figure(key: "brier_score", name: "Brier score", value: brierScore(rows, classes)),
    ]
  }

  private static func quantityFigures(_ rows: [(mean: Double, deviation: Double, target: Double)]) -> [Figure] {
    let count = Double(rows.count), center = rows.reduce(0) { $0 + $1.target } / count
    func mean(_ value: ((mean: Double, deviation: Double, target: Double)) -> Double) -> Double {
      rows.reduce(0) { $0 + value($1) } / count
    }
    let square = mean { ($0.mean - $0.target) * ($0.mean - $0.target) }
    let spread = mean { ($0.target - center) * ($0.target - center) }
    let width = AnswerMaker.quantile(0.9)
    return [
      Figure(key: "rmse", name: "RMSE", value: square.squareRoot()),
      Figure(key: "mae", name: "mean absolute error", value: mean { abs($0.mean - $0.target) }),
      Figure(key: "r2", name: "R²", value: spread > 0 ? 1 - square / spread : 0),
      Figure(
        key: "negative_log_likelihood", name: "negative log-likelihood",
        value: mean {
          let z = ($0.mean - $0.target) / $0.deviation
          return z * z / 2 + log($0.deviation) + log(2 * Double.pi) / 2
        }),
      Figure(
        key: "interval_coverage", name: "in the 90 % interval",
        value: mean { abs($0.mean - $0.target) <= width * $0.deviation ? 1 : 0 }, isShare: true),
    ]
  }
}
