import Foundation
import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct ConformalIntervalsTests {
  /// The prediction of a model that returns its input: means, in two columns also log-variances.
  private func prediction(_ x: Tensor, _ task: LearningTask) -> Prediction {
    Sequential().predict(x, passes: 2, as: task)
  }

  @Test func boundsAreOrderStatisticsOfTheErrors() {
    let means = Tensor((0..<9).map { Double($0) }, shape: [9, 1])
    let errors: [Double] = [0.9, -0.1, 0.5, -0.3, 0.2, 0.8, -0.7, 0.4, 0.6]
    let intervals = ConformalIntervals(
      fitting: prediction(means, .regression), means + Tensor(errors, shape: [9, 1]))
    // The ⌈10 · level⌉-th smallest of 0.1, 0.2, … 0.9.
    let expected: [(level: Double, quantile: Double)] = [(0.1, 0.1), (0.5, 0.5), (0.51, 0.6), (0.9, 0.9)]
    for (level, quantile) in expected { expectClose(intervals.quantile(level), quantile, 1e-12) }
    expectEqual(intervals.quantile(0.91), .infinity)
    let (lower, upper) = intervals.interval(prediction(Tensor([20.0], shape: [1, 1]), .regression), level: 0.5)
    expectClose(lower.item(as: Double.self), 19.5, 1e-6)
    expectClose(upper.item(as: Double.self), 20.5, 1e-6)
  }

  @Test func aLargerPredictedNoiseGivesAWiderInterval() {
    let outputs: [Double] = [0, log(2), 0, log(8)]
    let known = prediction(Tensor(outputs, shape: [2, 2]), .heteroscedasticRegression)
    let targets: [Double] = [Double(2).squareRoot(), -4]
    let intervals = ConformalIntervals(fitting: known, Tensor(targets, shape: [2, 1]))
    expectClose(intervals.scores[0], 1, 1e-12)
    expectClose(intervals.scores[1], Double(2).squareRoot(), 1e-12)
    let (lower, upper) = intervals.interval(known, level: 0.5)
    let widths = (upper - lower).scalars(as: Double.self)
    expectClose(widths[0], 4, 1e-12)
    expectClose(widths[1], 8, 1e-12)
  }

  private func expectClose(_ value: Double, _ wanted: Double, _ tolerance: Double) {
    expectTrue(abs(value - wanted) <= tolerance, "expected \(wanted), got \(value)")
  }
}
