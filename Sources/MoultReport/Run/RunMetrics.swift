import MoultFormats
import MoultTraining

/// The metrics at the top of a run's page.
struct RunMetrics {
  let report: RunReport

  var metrics: [ReportDocument.Metric] { [result, gap, time, skipped].compactMap { $0 } }

  private var result: ReportDocument.Metric? {
    if let test = report.test, let accuracy = test.accuracy {
      return share(accuracy, "right on \(NumberFormat.grouped(test.count)) \(test.name)", "test_accuracy")
    }
    if let regression = report.regression {
      let error = regression.metrics.rootMeanSquaredError
      guard error.isFinite else { return nil }
      let explained = regression.metrics.determination
      let more = explained.isFinite ? ", \(NumberFormat.percent(explained, 1)) of the variance explained" : ""
      return .init(
        value: NumberFormat.significant(error),
        meaning: "root mean squared error of \(ChartText.fitted(regression.target, to: 300))\(more)",
        exact: ("test_rmse", error))
    }
    guard let last = report.history.last else { return nil }
    if let accuracy = last.validationAccuracy {
      return share(accuracy, "right on the validation data after epoch \(last.epoch)", "validation_accuracy")
    }
    guard let loss = last.validationLoss ?? finite(last.trainLoss), loss.isFinite else { return nil }
    let name = last.validationLoss == nil ? "training" : "validation"
    return .init(
      value: NumberFormat.significant(loss), meaning: "\(name) loss after epoch \(last.epoch)",
      exact: (last.validationLoss == nil ? "train_loss" : "validation_loss", loss))
  }

  private func share(_ share: Double, _ meaning: String, _ metric: String) -> ReportDocument.Metric? {
    guard share.isFinite else { return nil }
    // With one decimal, 99.96 % would be shown as 100.0 %.
    let digits = share > 0.99 && share < 1 ? 2 : 1
    return .init(value: NumberFormat.fixed(share * 100, digits), unit: "%", meaning: meaning, exact: (metric, share))
  }

  /// The generalization gap: how much better the metric is on training data than on other data.
  private var gap: ReportDocument.Metric? {
    if let train = report.train?.accuracy, let test = report.test?.accuracy {
      return points(train, test, report.test?.name ?? "test")
    }
    if let train = report.train?.loss, let test = report.test?.loss { return losses(train, test) }
    guard let last = report.history.last else { return nil }
    if let train = last.trainEvaluationAccuracy, let validation = last.validationAccuracy {
      return points(train, validation, "validation")
    }
    guard let train = last.trainEvaluationLoss, let validation = last.validationLoss else { return nil }
    return losses(train, validation)
  }

  private func points(_ train: Double, _ held: Double, _ name: String) -> ReportDocument.Metric? {
    guard train.isFinite, held.isFinite else { return nil }
    return .init(
      value: NumberFormat.fixed((train - held) * 100, 1), unit: "points",
      meaning: "generalization gap: \(NumberFormat.percent(train)) on training data, \(NumberFormat.percent(held)) on "
        + name, exact: ("generalization_gap", train - held))
  }

  private func losses(_ train: Double, _ held: Double) -> ReportDocument.Metric? {
    guard train.isFinite, held.isFinite else { return nil }
    return .init(
      value: NumberFormat.significant(held - train),
      meaning: "generalization gap: loss \(NumberFormat.significant(train)) on training data, "
        + "\(NumberFormat.significant(held)) on held-out data", exact: ("generalization_gap", held - train))
  }

  private var time: ReportDocument.Metric? {
    let seconds = report.history.seconds
    guard seconds.isFinite, seconds > 0 else { return nil }
    let count = report.history.epochs.count
    let epochs = count == 1 ? "one epoch" : "\(NumberFormat.grouped(count)) epochs"
    let speed = report.history.samplesPerSecond
    let (value, unit) =
      seconds < 1
      ? NumberFormat.duration(seconds)
      : seconds < 60
        ? (NumberFormat.fixed(seconds, 1), "s") : (NumberFormat.clock(seconds), seconds < 3600 ? "min" : "h")
    return .init(
      value: value, unit: unit,
      meaning: speed > 0
        ? "of training for \(epochs), \(NumberFormat.grouped(speed)) samples a second" : "of training for \(epochs)",
      exact: ("seconds", seconds))
  }

  private var skipped: ReportDocument.Metric? {
    let section = SparsitySection(report)
    guard let share = section.skipped else { return nil }
    let more = section.savings("that").map { "; " + $0 } ?? ""
    return .init(
      value: NumberFormat.fixed(share * 100, 0), unit: "%",
      meaning: "of multiplications skipped as zeros \(section.measured)\(more)",
      exact: ("skipped", share))
  }

  private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}
