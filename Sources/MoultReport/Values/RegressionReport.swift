/// The predictions of a regression.
package struct RegressionReport: Sendable, Equatable {
  /// The metrics of a model, or of the baseline that always predicts the mean of the training data.
  package struct Metrics: Sendable, Equatable {
    /// Root mean squared and mean absolute error, in the unit of the target.
    package var rootMeanSquaredError, meanAbsoluteError: Double
    /// The share of the variance that is explained.
    package var determination: Double

    package init(rootMeanSquaredError: Double, meanAbsoluteError: Double, determination: Double) {
      self.rootMeanSquaredError = rootMeanSquaredError
      (self.meanAbsoluteError, self.determination) = (meanAbsoluteError, determination)
    }
  }

  /// How many of the true values lie within an interval that should hold a share of them.
  package struct Coverage: Sendable, Equatable {
    /// The share promised and the share found, 0 to 1.
    package var nominal, observed: Double

    package init(nominal: Double, observed: Double) { (self.nominal, self.observed) = (nominal, observed) }
  }

  /// The name of the target, with its unit if it has one.
  package var target: String
  /// True and predicted values, one pair for each sample.
  package var truths, predictions: [Double]
  package var metrics: Metrics
  package var baseline: Metrics?
  /// Intervals by rising nominal share; empty where none were made.
  package var coverage: [Coverage] = []

  package init(target: String, truths: [Double], predictions: [Double], metrics: Metrics, baseline: Metrics? = nil) {
    (self.target, self.truths, self.predictions) = (target, truths, predictions)
    (self.metrics, self.baseline) = (metrics, baseline)
  }
}
