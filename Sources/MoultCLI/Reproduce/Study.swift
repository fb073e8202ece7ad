import Moult

/// An experiment of a paper that `moult reproduce` repeats.
///
/// A study consists of rows. Each row is measured several times, with different seeds or splits, and the runner
/// computes means and standard errors. Measurements are stored by the notebook, because they take long.
protocol Study {
  /// The name of the study.
  var kind: StudyKind { get }
  /// The rows to measure, with the paper's results.
  var rows: [StudyRow] { get }
  /// The name of what differs between repetitions: `seed` or `split`.
  var repetitionName: String { get }
  /// The default number of repetitions of each row.
  var repetitions: Int { get }
  /// The largest number of repetitions; nil for no limit.
  var repetitionLimit: Int? { get }
  /// Returns a text with all settings that determine a row's result, except data and seed.
  func recipe(of row: StudyRow) -> String
  /// Returns a description of the data that identifies them. Reads the data.
  func dataDescription() throws -> String
  /// Throws if the data are not sufficient for one of the rows. Called before the first measurement.
  func check(_ rows: [StudyRow]) throws
  /// Measures a row once.
  ///
  /// - Parameters:
  ///   - row: The row to measure.
  ///   - repetition: The index of the seed or split, from 0.
  ///   - notebook: The notebook that stores measurements.
  func measurement(of row: StudyRow, repetition: Int, in notebook: StudyNotebook) throws -> Measurement
}

extension Study {
  var repetitionName: String { "seed" }
  var repetitionLimit: Int? { nil }
  func check(_ rows: [StudyRow]) {}
}

/// One row of a paper's table, or one point of a curve in a figure.
struct StudyRow {
  let name: String
  /// The metric and its unit, such as `test error, %`.
  let unit: String
  /// The paper's result; nil if the paper only shows a curve.
  var paper: Double?
  /// The standard error of the paper's result; nil if the paper does not give it.
  var paperError: Double?
  /// The number of decimals that are displayed.
  var decimals = 2
}

/// The result of one measurement.
struct Measurement: Codable, Equatable {
  /// The metrics, by the names of the rows.
  var values: [String: Double]
  /// The number of weight updates.
  var steps: Int
  /// The time in seconds. For a resumed training it includes the time up to the checkpoint.
  var seconds: Double
}
