import Moult
import MoultReport

/// The result of a comparison: a table, and the conclusion whether dropout helped.
struct ComparisonSummary {
  let target: PredictionTarget
  let arms: [ArmResult]
  let testCount: Int

  var baseline: ArmResult? { arms.first { $0.arm.isBaseline } }

  /// The arm that is compared with the baseline: the one with the smallest mean validation loss among those that did
  /// not diverge. The validation part selects it, because the test part evaluates it.
  var chosen: ArmResult? {
    arms.filter { !$0.arm.isBaseline && $0.divergence == nil }.min {
      RepeatStatistics($0.validationLosses).mean < RepeatStatistics($1.validationLosses).mean
    }
  }

  private var metric: PairedDifference.Figure {
    isClassification ? .mean : .rootMean(unit: target.deviation)
  }

  func difference(of arm: ArmResult) -> PairedDifference? {
    guard let baseline, !arm.arm.isBaseline, arm.divergence == nil else { return nil }
    return PairedDifference(baseline.errors, arm.errors, metric)
  }

  var isClassification: Bool { target.task == .classification }

  var metricName: String { isClassification ? "error, %" : "RMSE" }

  /// Returns the text of a metric; a fraction as a percentage without the sign.
  func text(_ value: Double) -> String {
    isClassification ? NumberFormat.fixed(value * 100, 2) : NumberFormat.significant(value)
  }

  static let header = ["arm", "test", "training", "loss gap", "against without", "95 % interval"]

  /// Returns the cells of an arm's row, below `header`.
  func cells(_ arm: ArmResult) -> [String] {
    if arm.divergence != nil { return [arm.arm.name, "diverged", "", "", "", ""] }
    let difference = difference(of: arm)
    func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + text(value) }
    return [
      arm.arm.name, RepeatStatistics(arm.testMetrics).text(text), RepeatStatistics(arm.trainMetrics).text(text),
      RepeatStatistics(arm.lossGaps).text { NumberFormat.fixed($0, 4) }, difference.map { signed($0.mean) } ?? "",
      difference?.interval.map { "\(signed($0.lowerBound)) to \(signed($0.upperBound))" } ?? "",
    ]
  }

  /// The conclusion in one or two sentences.
  var verdict: String {
    guard let baseline, let chosen, let difference = difference(of: chosen) else {
      return "nothing to compare with: add rate 0 to --rates"
    }
    let seeds = difference.differences.count, unit = isClassification ? " points" : ""
    let (without, with) = (RepeatStatistics(baseline.testMetrics).mean, RepeatStatistics(chosen.testMetrics).mean)
    let what = isClassification ? "test error" : "test RMSE"
    let metrics =
      "\(what) \(text(with))\(isClassification ? " %" : "") against \(text(without))\(isClassification ? " %" : "") "
      + "without"
    let choice = arms.count > 2 ? " (\(chosen.arm.name), chosen by validation loss)" : ""
    guard let interval = difference.interval, let verdict = difference.verdict else {
      return "One repeat cannot tell whether dropout helped\(choice): \(metrics); add --repeats 5."
    }
    let size =
      "\(text(abs(difference.mean)))\(unit) \(difference.mean <= 0 ? "less" : "more"), 95 % interval "
      + "\(text(interval.lowerBound)) to \(text(interval.upperBound)) over \(seeds) seeds and "
      + "\(NumberFormat.grouped(testCount)) test samples"
    switch verdict {
    case .helped: return "Dropout helped here\(choice): \(metrics), \(size)."
    case .hurt: return "Dropout hurt here\(choice): \(metrics), \(size)."
    case .notShown: return "It is not shown that dropout helped or hurt here\(choice): \(metrics), \(size)."
    }
  }

  /// A sentence about the change of the gap between training and test loss; nil without both arms.
  var gapSentence: String? {
    guard let baseline, let chosen else { return nil }
    let (without, with) = (RepeatStatistics(baseline.lossGaps).mean, RepeatStatistics(chosen.lossGaps).mean)
    func text(_ gap: Double) -> String { "\(NumberFormat.fixed(abs(gap), 4)) \(gap < 0 ? "below" : "above")" }
    return
      "The loss on the test part is \(text(with)) that on the training part with dropout, \(text(without)) without."
  }
}
