import MoultPlatform

/// The result of a `LearningRateFinder`.
public struct LearningRateSearch: Sendable, Equatable {
  /// A step.
  public struct Point: Sendable, Equatable {
    /// The learning rate of the step.
    public let learningRate: Double
    /// The loss before the step.
    public let loss: Double
    /// The mean of the losses so far, the latest weighing most.
    public let smoothedLoss: Double

    package init(learningRate: Double, loss: Double, smoothedLoss: Double) {
      (self.learningRate, self.loss, self.smoothedLoss) = (learningRate, loss, smoothedLoss)
    }
  }

  /// The steps, by growing learning rate.
  public let points: [Point]
  /// Whether the search ended because the loss grew too large, or was not finite.
  public let hasExploded: Bool

  package init(points: [Point], hasExploded: Bool) { (self.points, self.hasExploded) = (points, hasExploded) }

  /// The learning rate at which the smoothed loss falls most steeply over the logarithm of the learning rate, or nil
  /// where it never falls.
  ///
  /// The first tenth and the last five steps do not count, the one because the mean is of few losses, the others
  /// because the loss is about to explode: fastai's rule `steep`. A third of it is a careful choice.
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
