import Foundation
import Moult
import MoultReport

/// Reports that look like those of real runs, made without chance and without training anything.
enum ReportFixture {
  /// Draws that are the same everywhere.
  struct Draws {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func unit() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }

    /// About normal: the sum of twelve.
    mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + unit() } }
  }

  /// Epochs whose losses fall along a power of the epoch.
  static func history(_ count: Int, classes: Bool = true, overfits: Double = 0.0006, seed: UInt64 = 1) -> History {
    var draws = Draws(state: seed &* 0x9E37_79B9_7F4A_7C15), history = History(), lines: [String] = []
    for epoch in stride(from: 1, through: count, by: 1) {
      var fall = 1.0 / Double(epoch)
      fall = fall.squareRoot() * fall.squareRoot().squareRoot()
      let train = 0.021 + 0.62 * fall + 0.004 * draws.normal() * fall
      let validation = 0.071 + 0.31 * fall + overfits * Double(epoch) + 0.003 * draws.normal()
      let done = Double(epoch - 1) / Double(max(count, 2))
      lines.append(
        """
        {"epoch":\(epoch),"steps":\(epoch * 100),"train_loss":\(train),"validation_loss":\(validation),\
        "train_evaluation_loss":\(train * 0.7),\
        \(classes ? "\"train_accuracy\":\(1 - train * 0.29),\"validation_accuracy\":\(1 - validation * 0.33)," : "")\
        \(classes ? "\"train_evaluation_accuracy\":\(1 - train * 0.2)," : "")\
        "learning_rate":\(0.1 * (1 - done * done)),"dropout_rates":{"dropout1":0.5,"input":\(0.2 * min(1, done * 3))},\
        "seconds":\(1.03 + 0.02 * draws.unit()),"samples_per_second":\(9_700 + 100 * draws.unit())}
        """)
    }
    // Only the trainer makes records; others read them.
    let json = Data("[\(lines.joined(separator: ","))]".utf8)
    history.epochs = (try? JSONDecoder().decode([EpochRecord].self, from: json)) ?? []
    history.steps = count * 100
    history.samples = count * 10_000
    history.seconds = history.epochs.reduce(0) { $0 + $1.seconds }
    return history
  }

  /// A run on digits, with every section.
  static func digits() -> RunReport {
    var report = RunReport(title: "Digits with dropout 0.5", history: history(40))
    report.started = "2026-11-20 14:32"
    report.machine = "2 threads, AVX-512"
    report.data = DataDescription(
      name: "bundled MNIST sample", counts: [("train", 10_000), ("test", 10_000)])
    report.network = NetworkDescription(
      summary: "784-1024x3-10", parameterCount: 2_913_290,
      layers: [ReportRow("linear1", "Linear(784 → 1024), ReLU, Dropout 0.5"), ReportRow("output", "Linear(1024 → 10)")])
    report.command = ["moult", "train", "--model", "784-1024x3-10", "--dropout", "0.5", "--out", "runs/it's digits"]
    report.configuration = [
      ReportRow("optimizer", "SGD, momentum 0.9"), ReportRow("learning rate", "0.1, cosine"),
      ReportRow("batch size", "100"), ReportRow("dropout", "0.5"), ReportRow("input dropout", "0.2"),
      ReportRow("max-norm", "2"), ReportRow("seed", "1"),
    ]
    report.train = FinalMetrics(name: "training images", count: 10_000, loss: 0.0042, accuracy: 0.9991)
    report.test = FinalMetrics(name: "test images", count: 10_000, loss: 0.121, accuracy: 0.9634)
    report.constantRates = ["dropout2": 0.4]
    report.classification = classification()
    report.sparsity = [
      LayerSparsity(
        layer: "linear1", density: 0.193, skipped: 0.801, multiplications: 2.4e8, seconds: 4.1e-3, denseSeconds: 11.9e-3
      ),
      LayerSparsity(
        layer: "linear2", density: 0.112, skipped: 0.874, multiplications: 3.1e8, seconds: 4.4e-3, denseSeconds: 15.2e-3
      ),
      LayerSparsity(
        layer: "linear3", density: 0.087, skipped: 0.902, multiplications: 3.1e8, seconds: 3.9e-3, denseSeconds: 15.1e-3
      ),
      LayerSparsity(
        layer: "output", density: 0.141, skipped: 0.552, multiplications: 3.1e6, seconds: 0.2e-3, denseSeconds: 0.31e-3),
    ]
    report.sparsitySamples = 100
    report.weightNorms = [
      WeightNorms(layer: "linear1", mean: 1.31, min: 0.72, max: 2, limit: 2),
      WeightNorms(layer: "linear2", mean: 1.12, min: 0.81, max: 1.83, limit: 2),
      WeightNorms(layer: "linear3", mean: 1.07, min: 0.79, max: 1.74, limit: 2),
      WeightNorms(layer: "output", mean: 1.88, min: 1.52, max: 2, limit: 2),
    ]
    return report
  }

  private static func classification() -> ClassificationReport {
    var draws = Draws(), result = ClassificationReport()
    result.confusion = ConfusionMatrix(
      classes: (0..<10).map(String.init),
      counts: (0..<10).map { row in
        (0..<10).map { column in
          if row == column { return 930 + Int(50 * draws.unit()) }
          let isLike = [[4, 9], [3, 5], [7, 9], [3, 8], [2, 7]].contains([min(row, column), max(row, column)])
          return Int((isLike ? 16 : 4) * draws.unit())
        }
      })
    let pairs = [("9", "4"), ("5", "3"), ("7", "2"), ("8", "3"), ("4", "9"), ("2", "7"), ("6", "0"), ("3", "5")]
    result.mostWrong = pairs.enumerated().map { index, pair in
      WrongSample(
        index: 1_000 + 713 * index, truth: pair.0, answer: pair.1, probability: 0.998 - 0.02 * Double(index),
        truthProbability: 0.001 * Double(index + 1), content: image(index))
    }
    result.calibration = curve(0.018, 0.142) { $0 - 0.13 * (1 - $0) * 2 }
    result.scaledCalibration = curve(0.006, 0.118) { $0 - 0.02 * (1 - $0) }
    result.temperature = 1.34
    result.temperatureSource = .restOfTest(5_000)
    result.uncertainty = UncertaintySplit(
      measure: "Mutual information (nats)",
      right: (0..<9_634).map { _ in 0.3 * draws.unit() * draws.unit() * draws.unit() },
      wrong: (0..<366).map { _ in 0.05 + 0.5 * draws.unit() * (0.4 + draws.unit()) }, areaUnderROC: 0.947)
    return result
  }

  /// A curve over 15 bins whose accuracy is what `accuracy` makes of the confidence.
  static func curve(
    _ error: Double, _ negativeLogLikelihood: Double, _ accuracy: (Double) -> Double
  ) -> CalibrationCurve {
    CalibrationCurve(
      bins: (0..<15).map { bin in
        let confidence = (Double(bin) + 0.6) / 15
        return .init(
          lower: Double(bin) / 15, upper: Double(bin + 1) / 15, count: bin < 4 ? 0 : bin * bin * bin,
          confidence: bin < 4 ? .nan : confidence, accuracy: bin < 4 ? .nan : min(max(accuracy(confidence), 0), 1))
      }, expectedError: error, negativeLogLikelihood: negativeLogLikelihood)
  }

  /// A ring with a stroke through it, which stands for a digit.
  static func image(_ index: Int) -> WrongSample.Content {
    var bytes: [UInt8] = []
    for y in 0..<28 {
      for x in 0..<28 {
        let (dx, dy) = (Double(x) - 13.5, Double(y) - 10 - Double(index % 4))
        let ring = abs((dx * dx + dy * dy).squareRoot() - 6)
        let stroke = abs(dx - 5 + Double(index % 3) * (dy / 6)) + (dy > 0 && dy < 12 ? 0 : 4)
        bytes.append(UInt8(max(0, min(255, 255 - 110 * min(ring, stroke)))))
      }
    }
    return .image(width: 28, height: 28, channels: 1, bytes: bytes)
  }

  /// A run on a table of houses.
  static func houses() -> RunReport {
    var draws = Draws(), report = RunReport(title: "House prices", history: history(120, classes: false))
    let truths = (0..<2_400).map { _ in 180 + 60 * draws.normal() }
    let predictions = truths.map { 20 + 0.89 * $0 + 18 * draws.normal() }
    var regression = RegressionReport(
      target: "price (k$)", truths: truths, predictions: predictions,
      metrics: .init(rootMeanSquaredError: 19.34, meanAbsoluteError: 15.02, determination: 0.896),
      baseline: .init(rootMeanSquaredError: 60.1, meanAbsoluteError: 47.9, determination: -0.001))
    regression.coverage = [(0.5, 0.462), (0.8, 0.771), (0.9, 0.883), (0.95, 0.941), (0.99, 0.982)].map {
      .init(nominal: $0.0, observed: $0.1)
    }
    report.regression = regression
    report.ending = .stoppedEarly("validation loss did not improve in 20 epochs")
    report.data = DataDescription(
      name: "houses.csv", counts: [("train", 9_600), ("validation", 1_200), ("test", 2_400)],
      columns: [ReportRow("rooms", "number, 3 missing"), ReportRow("town", "category, 92 values, embedded in 8")])
    report.remarks = [.sparsity: "No layer had enough zeros to skip."]
    return report
  }

  /// With and without dropout, three seeds each.
  static func comparison() -> ComparisonReport {
    var report = ComparisonReport(
      title: "Dropout on digits",
      headline:
        "Dropout helped: 0.5 answers 0.68 points more test images rightly than no dropout (95 % interval 0.58 to "
        + "0.78), and its generalization gap is narrower.",
      arms: [("no dropout", 0.0022, 0.9571), ("dropout 0.2", 0.0011, 0.9612), ("dropout 0.5", 0.0004, 0.9634)].map {
        name, overfits, accuracy in
        .init(
          name: name, difference: name == "no dropout" ? "rate 0" : "rate \(name.suffix(3)) behind each hidden layer",
          repeats: (1...3).map { (seed: UInt64) in
            let shift = Double(seed) * 0.0004
            return .init(
              seed: seed, history: history(40, overfits: overfits, seed: seed),
              train: FinalMetrics(name: "training images", count: 10_000, loss: 0.004, accuracy: 0.9995 - shift),
              test: FinalMetrics(
                name: "test images", count: 10_000, loss: 0.13,
                accuracy: accuracy + shift * shift * 900 * (1 - accuracy * overfits * 400) - 0.001))
          })
      })
    report.command = ["moult", "compare", "--rates", "0,0.2,0.5", "--repeats", "3"]
    report.started = "2026-11-20 15:10"
    report.data = DataDescription(name: "bundled MNIST sample", counts: [("train", 10_000), ("test", 10_000)])
    report.configuration = [ReportRow("epochs", "40"), ReportRow("seeds", "1, 2, 3")]
    return report
  }
}
