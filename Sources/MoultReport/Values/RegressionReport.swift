/// The evaluation of a regression's predictions.
package struct RegressionReport: Sendable, Equatable {
  /// The error metrics of the model, or of the baseline that always predicts the mean of the training data.
  package struct Metrics: Sendable, Equatable {
    /// The root mean squared error and the mean absolute error, in the unit of the target.
    package var rootMeanSquaredError, meanAbsoluteError: Double
    /// The coefficient of determination R²: the fraction of the variance that is explained, at most 1.
    package var determination: Double

    package init(rootMeanSquaredError: Double, meanAbsoluteError: Double, determination: Double) {
      self.rootMeanSquaredError = rootMeanSquaredError
      (self.meanAbsoluteError, self.determination) = (meanAbsoluteError, determination)
    }
  }

  /// The coverage of a prediction interval: the fraction of true values inside of it.
  package struct Coverage: Sendable, Equatable {
    /// The nominal and the observed coverage, both in 0...1.
    package var nominal, observed: Double

    package init(nominal: Double, observed: Double) { (self.nominal, self.observed) = (nominal, observed) }
  }

  /// The name of the target, with its unit if it has one.
  package var target: String
  /// The true and the predicted value of each sample.
  package var truths, predictions: [Double]
  package var metrics: Metrics
  package var baseline: Metrics?
  /// The coverage of each interval, by increasing nominal coverage; empty without intervals.
  package var coverage: [Coverage] = []

  package init(target: String, truths: [Double], predictions: [Double], metrics: Metrics, baseline: Metrics? = nil) {
    (self.target, self.truths, self.predictions) = (target, truths, predictions)
    (self.metrics, self.baseline) = (metrics, baseline)
  }
}
