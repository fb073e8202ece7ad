import MoultPlatform

/// The result of a `LearningRateFinder`.
public struct LearningRateSearch: Sendable, Equatable {
  /// One step of the search.
  public struct Point: Sendable, Equatable {
    /// The learning rate of the step.
    public let learningRate: Double
    /// The loss of the step, computed before the update.
    public let loss: Double
    /// The bias-corrected exponential moving average of the losses up to this step.
    public let smoothedLoss: Double

    package init(learningRate: Double, loss: Double, smoothedLoss: Double) {
      (self.learningRate, self.loss, self.smoothedLoss) = (learningRate, loss, smoothedLoss)
    }
  }

  /// The steps in the order of increasing learning rate.
  public let points: [Point]
  /// Whether the search ended early because the loss became too large or was not finite.
  public let hasExploded: Bool

  package init(points: [Point], hasExploded: Bool) { (self.points, self.hasExploded) = (points, hasExploded) }

  /// The learning rate at which the smoothed loss decreases fastest per logarithm of the learning rate; nil if it never
  /// decreases or there are too few steps.
  ///
  /// The first tenth of the steps is ignored because the average covers few losses, and the last five because the loss
  /// is about to diverge (the rule `steep` of fastai). A third of this value is a cautious choice.
  public var suggestion: Double? {
    let first = points.count / 10, end = points.count - 5
    guard end - first >= 2 else { return nil }
    var best: (slope: Double, learningRate: Double)?
    for (point, next) in zip(points[first..<end], points[(first + 1)..<end]) {
      let slope = (next.smoothedLoss - point.smoothedLoss) / log(next.learningRate / point.learningRate)
      if slope < best?.slope ?? 0 { best = (slope, point.learningRate) }
    }
    return best?.learningRate
  }
}
