import Moult

/// An experiment of a paper that the tool runs again.
///
/// A study is rows; each row is measured several times, with another seed or on another split, and the runner makes
/// means and standard errors of that. Long measurements go through the notebook, which stores them.
protocol Study {
  /// Which study this is.
  var kind: StudyKind { get }
  /// The rows to measure, beside the paper's numbers.
  var rows: [StudyRow] { get }
  /// The name of that which differs between repetitions: `seed` or `split`.
  var repetitionName: String { get }
  /// How often each row is measured unless told otherwise.
  var repetitions: Int { get }
  /// The most repetitions that there are, or nil for any number.
  var repetitionLimit: Int? { get }
  /// Everything that decides a row's metric but the data and the seed, in words.
  func recipe(of row: StudyRow) -> String
  /// A description of the data, so that measurements of other data are told apart. Reads them.
  func dataDescription() throws -> String
  /// Throws if the data do not do for one of these rows, before hours are spent on others.
  func check(_ rows: [StudyRow]) throws
  /// Measures a row once.
  ///
  /// - Parameter repetition: The number of the seed or split, from 0.
  func measurement(of row: StudyRow, repetition: Int, in notebook: StudyNotebook) throws -> Measurement
}

extension Study {
  var repetitionName: String { "seed" }
  var repetitionLimit: Int? { nil }
  func check(_ rows: [StudyRow]) {}
}

/// One line of a paper's table, or one point of its figure.
struct StudyRow {
  let name: String
  /// The metric and its unit, such as `test error, %`.
  let unit: String
  /// The paper's value, or nil where it only shows a curve.
  var paper: Double?
  /// Its standard error, where the paper gives one.
  var paperError: Double?
  /// Decimals that people are shown.
  var decimals = 2
}

/// The result of one measurement.
struct Measurement: Codable, Equatable {
  /// The metrics by the names of the rows.
  var values: [String: Double]
  /// Updates of weights.
  var steps: Int
  /// Seconds; of a training that was stopped those before the checkpoint that it went on from, too.
  var seconds: Double
}
