import Moult
import MoultReport

/// The metrics of a network on one part of the data.
struct EvaluationMetrics {
  /// The mean loss without label smoothing, for standardized targets; NaN for a baseline.
  let loss: Double
  /// The fraction of wrong predictions; nil for a regression.
  var error: Double?
  /// Errors in the unit of the target, and R²; nil for a classification.
  var regression: RegressionReport.Metrics?

  var accuracy: Double? { error.map { 1 - $0 } }

  /// The metric by which networks are compared, smaller is better: the error of a classification, or the RMSE.
  var main: Double { error ?? regression?.rootMeanSquaredError ?? .nan }
}

// MARK: - Training and test part together

extension EvaluationMetrics {
  /// Returns the metrics of both parts as a line of text.
  static func text(train: EvaluationMetrics, test: EvaluationMetrics) -> String {
    if let test = test.accuracy, let train = train.accuracy {
      return "test accuracy \(NumberFormat.percent(test)), training accuracy \(NumberFormat.percent(train))"
    }
    guard let test = test.regression, let train = train.regression else { return "" }
    return "test RMSE \(NumberFormat.significant(test.rootMeanSquaredError)), mean absolute error "
      + "\(NumberFormat.significant(test.meanAbsoluteError)), R² \(NumberFormat.fixed(test.determination, 3)), "
      + "training RMSE \(NumberFormat.significant(train.rootMeanSquaredError))"
  }

  /// Returns the metrics of both parts as members of the last JSON line.
  static func json(train: EvaluationMetrics, test: EvaluationMetrics) -> [JSONOutput.Member] {
    var members = test.testMembers
    if let accuracy = train.accuracy { members.append(.init(key: "train_accuracy", value: .number(accuracy))) }
    if let metrics = train.regression {
      members.append(.init(key: "train_rmse", value: .number(metrics.rootMeanSquaredError)))
    }
    return members + [
      .init(key: "test_loss", value: .number(test.loss)), .init(key: "train_loss", value: .number(train.loss)),
    ]
  }

  private var testMembers: [JSONOutput.Member] {
    if let error {
      return [.init(key: "test_error", value: .number(error)), .init(key: "test_accuracy", value: .number(1 - error))]
    }
    guard let regression else { return [] }
    return [
      .init(key: "test_rmse", value: .number(regression.rootMeanSquaredError)),
      .init(key: "test_mae", value: .number(regression.meanAbsoluteError)),
      .init(key: "test_r2", value: .number(regression.determination)),
    ]
  }
}

// MARK: - Baseline

extension EvaluationMetrics {
  /// The metrics of a baseline as a line of text.
  var baselineText: String {
    if let accuracy { return "always the most frequent class: test accuracy \(NumberFormat.percent(accuracy))" }
    guard let regression else { return "" }
    return "always the mean: test RMSE \(NumberFormat.significant(regression.rootMeanSquaredError)), "
      + "mean absolute error \(NumberFormat.significant(regression.meanAbsoluteError))"
  }

  /// The metrics of a baseline, for the last JSON line.
  var baselineJSON: JSONOutput { .object(testMembers) }
}
