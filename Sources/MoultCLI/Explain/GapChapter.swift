import Moult

/// The chapter about the generalization gap between training and validation, without and with dropout.
struct GapChapter: Chapter {
  static let name = "gap"
  let title = "The gap, with and without"

  let settings: ExplainSettings
  let plain: TrainedNetwork
  let dropped: TrainedNetwork
  /// The number of validation digits that only the network with dropout classifies correctly, and the number for the
  /// other network.
  let onlyDropped: Int
  let onlyPlain: Int

  init(_ settings: ExplainSettings, _ networks: TrainedPair) {
    (self.settings, plain, dropped) = (settings, networks.plain, networks.dropped)
    let pairs = zip(plain.isRight, dropped.isRight)
    onlyDropped = pairs.count { !$0 && $1 }
    onlyPlain = pairs.count { $0 && !$1 }
  }

  private var plainEnd: TrainedNetwork.Point { plain.curve[plain.curve.count - 1] }
  private var droppedEnd: TrainedNetwork.Point { dropped.curve[dropped.curve.count - 1] }

  /// The top of both charts: the largest loss, rounded up to a tenth.
  var top: Double {
    let points = plain.curve + dropped.curve
    let greatest = points.flatMap { [$0.validationLoss, $0.trainLoss] }.max() ?? 1
    return (greatest * 10).rounded(.up) / 10
  }

  /// The test statistic of McNemar: the difference between the numbers of digits that only one of the networks
  /// classifies correctly, in standard errors; positive if dropout makes fewer mistakes.
  var score: Double {
    let total = onlyDropped + onlyPlain
    return total > 0 ? Double(onlyDropped - onlyPlain) / Double(total).squareRoot() : 0
  }

  var introduction: String {
    "Two networks begin with the same weights and learn the same \(NumberFormat.grouped(settings.images)) digits in the "
      + "same order, \(settings.epochs) epochs, one without dropout and one with \(settings.rate). Loss after each "
      + "epoch, dropout off: dots on the digits they learn, line on "
      + "\(NumberFormat.grouped(settings.validationImages)) others."
  }

  func drawing(_ style: TextStyle) -> [String] {
    let charts = [("without dropout", plain), ("dropout \(settings.rate)", dropped)].map { name, network in
      ["      " + name] + chart(network).lines(style)
    }
    return TextStyle.beside(charts, widths: [chart(plain).width])
      + [""] + TextTable(table, rightAligned: [1, 2, 3, 4, 5]).lines + [""]
  }

  /// Returns the chart of a network's losses, with the training loss dotted.
  func chart(_ network: TrainedNetwork) -> CurveChart {
    CurveChart(
      solid: network.curve.map(\.validationLoss), dotted: network.curve.map(\.trainLoss), top: top, columns: 32, rows: 8
    )
  }

  /// The final losses and errors of both networks as a table, with the header first.
  var table: [[String]] {
    [["last epoch", "train loss", "validation loss", "gap", "train error", "validation error"]]
      + [("without", plainEnd), ("dropout \(settings.rate)", droppedEnd)].map { name, point in
        [
          name, NumberFormat.fixed(point.trainLoss, 4), NumberFormat.fixed(point.validationLoss, 4),
          NumberFormat.fixed(point.gap, 4), NumberFormat.percent(1 - point.trainAccuracy),
          NumberFormat.percent(1 - point.validationAccuracy),
        ]
      }
  }

  var findings: [String] { [gapSentence + " " + errorSentence] }

  /// The smallest difference at which two gaps are called different: absolute, and as a fraction of the larger gap.
  private static let (clearGap, clearShare) = (0.005, 0.09)

  private var gapSentence: String {
    let (without, with) = (plainEnd.gap, droppedEnd.gap)
    let numbers = "(\(NumberFormat.fixed(without, 3)) without, \(NumberFormat.fixed(with, 3)) with)"
    let isClear = abs(without - with) >= max(Self.clearGap, Self.clearShare * max(abs(without), abs(with)))
    guard isClear else { return "The gap is about the same with and without \(numbers)." }
    switch (without > 0, with > 0) {
    case (true, true):
      return without > with
        ? "The gap is \(NumberFormat.fixed(without / with, 1)) times smaller with dropout \(numbers)."
        : "The gap is \(NumberFormat.fixed(with / without, 1)) times greater with dropout \(numbers)."
    case (true, false): return "There is no gap with dropout \(numbers)."
    case (false, true): return "There is a gap with dropout only \(numbers)."
    case (false, false): return "There is no gap, neither with dropout nor without \(numbers)."
    }
  }

  /// The smallest difference, in standard errors, that is called a difference.
  private static let clearScore = 2.0

  private var errorSentence: String {
    let counts = "\(onlyDropped) digits are right only with dropout, \(onlyPlain) only without"
    if score >= Self.clearScore { return "With dropout there are fewer mistakes: \(counts). \(caution)" }
    if score <= -Self.clearScore {
      return "But here dropout makes more mistakes: \(counts); it does not help everywhere. \(caution)"
    }
    return "In mistakes the two are too close to call: \(counts); chance alone does that."
  }

  private var caution: String {
    "That is \(NumberFormat.fixed(abs(score), 1)) standard errors, for one seed; look at others too."
  }

  var members: [JSONOutput.Member] {
    func json(_ network: TrainedNetwork) -> JSONOutput {
      .array(
        network.curve.map {
          [
            "train_loss": .number($0.trainLoss), "validation_loss": .number($0.validationLoss),
            "train_accuracy": .number($0.trainAccuracy), "validation_accuracy": .number($0.validationAccuracy),
          ]
        })
    }
    return [
      .init(key: "rate", value: .number(settings.rate)), .init(key: "images", value: .integer(settings.images)),
      .init(key: "validation_images", value: .integer(settings.validationImages)),
      .init(key: "without", value: json(plain)), .init(key: "with", value: json(dropped)),
      .init(key: "gap_without", value: .number(plainEnd.gap)), .init(key: "gap_with", value: .number(droppedEnd.gap)),
      .init(key: "right_only_with", value: .integer(onlyDropped)),
      .init(key: "right_only_without", value: .integer(onlyPlain)),
    ]
  }
}
