import Moult
import MoultReport

/// What a comparison says: a table, and the answer to whether dropout helped.
struct ComparisonSummary {
  let task: LearningProblem.Task
  let arms: [ArmResult]
  let testCount: Int

  var baseline: ArmResult? { arms.first { $0.arm.isBaseline } }

  /// The way that is held against the one without dropout: of several the one with the least mean validation loss, so that
  /// the test part does not choose what it is to judge; never one that diverged.
  var chosen: ArmResult? {
    arms.filter { !$0.arm.isBaseline && $0.divergence == nil }.min {
      RepeatStatistics($0.validationLosses).mean < RepeatStatistics($1.validationLosses).mean
    }
  }

  private var figure: PairedDifference.Figure {
    switch task {
    case .classification: .mean
    case .regression(_, _, let deviation): .rootMean(unit: deviation)
    }
  }

  func difference(of arm: ArmResult) -> PairedDifference? {
    guard let baseline, !arm.arm.isBaseline, arm.divergence == nil else { return nil }
    return PairedDifference(baseline.errors, arm.errors, figure)
  }

  var figureName: String {
    switch task {
    case .classification: "error, %"
    case .regression: "RMSE"
    }
  }

  /// A figure as people read it: a share in percent without its sign.
  func text(_ value: Double) -> String {
    switch task {
    case .classification: NumberFormat.fixed(value * 100, 2)
    case .regression: NumberFormat.significant(value)
    }
  }

  static let header = ["arm", "test", "training", "loss gap", "against without", "95 % interval"]

  /// The cells of an arm under `header`.
  func cells(_ arm: ArmResult) -> [String] {
    if arm.divergence != nil { return [arm.arm.name, "diverged", "", "", "", ""] }
    let difference = difference(of: arm)
    func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + text(value) }
    return [
      arm.arm.name, RepeatStatistics(arm.testFigures).text(text), RepeatStatistics(arm.trainFigures).text(text),
      RepeatStatistics(arm.lossGaps).text { NumberFormat.fixed($0, 4) }, difference.map { signed($0.mean) } ?? "",
      difference?.interval.map { "\(signed($0.lowerBound)) to \(signed($0.upperBound))" } ?? "",
    ]
  }

  /// The answer in a sentence or two.
  var verdict: String {
    guard let baseline, let chosen, let difference = difference(of: chosen) else {
      return "nothing to compare with: add rate 0 to --rates"
    }
    let seeds = difference.differences.count, unit = task.isClassification ? " points" : ""
    let (without, with) = (RepeatStatistics(baseline.testFigures).mean, RepeatStatistics(chosen.testFigures).mean)
    let what = task.isClassification ? "test error" : "test RMSE"
    let figures =
      "\(what) \(text(with))\(task.isClassification ? " %" : "") against \(text(without))\(task.isClassification ? " %" : "") "
      + "without"
    let choice = arms.count > 2 ? " (\(chosen.arm.name), chosen by validation loss)" : ""
    guard let interval = difference.interval, let verdict = difference.verdict else {
      return "One repeat cannot tell whether dropout helped\(choice): \(figures); add --repeats 5."
    }
    let size =
      "\(text(abs(difference.mean)))\(unit) \(difference.mean <= 0 ? "less" : "more"), 95 % interval "
      + "\(text(interval.lowerBound)) to \(text(interval.upperBound)) over \(seeds) seeds and "
      + "\(NumberFormat.grouped(testCount)) test samples"
    switch verdict {
    case .helped: return "Dropout helped here\(choice): \(figures), \(size)."
    case .hurt: return "Dropout hurt here\(choice): \(figures), \(size)."
    case .notShown: return "It is not shown that dropout helped or hurt here\(choice): \(figures), \(size)."
    }
  }

  /// Beside the verdict: what dropout did to the gap between training and test loss.
  var gapSentence: String? {
    guard let baseline, let chosen else { return nil }
    let (without, with) = (RepeatStatistics(baseline.lossGaps).mean, RepeatStatistics(chosen.lossGaps).mean)
    func text(_ gap: Double) -> String { "\(NumberFormat.fixed(abs(gap), 4)) \(gap < 0 ? "below" : "above")" }
    return
      "The loss on the test part is \(text(with)) that on the training part with dropout, \(text(without)) without."
  }
}

extension LearningProblem.Task {
  var isClassification: Bool {
    if case .classification = self { return true }
    return false
  }
}
