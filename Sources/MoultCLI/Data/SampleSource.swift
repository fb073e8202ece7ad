import Moult
import MoultPlatform

/// Samples for a trained model in batches: rows of a table as they are read, or samples in memory.
final class SampleSource {
  /// A batch of consecutive samples: their encoded inputs, and their targets if these are known.
  typealias Batch = EncodedRows.Batch

  /// The purpose of the samples.
  enum Use: Equatable {
    /// The samples are predicted; targets are not needed.
    case predicting
    /// The predictions are compared with the targets, of the test part only or of all samples.
    case evaluating(all: Bool)
  }

  private let next: () throws(MoultError) -> Batch?
  /// The encoder of table rows, which counts values that are unknown from training; nil for samples in memory.
  let encoder: TableEncoder?
  /// The description of the evaluated samples; nil if the samples are only predicted.
  let evaluated: EvaluatedSamples?

  /// Opens the data.
  ///
  /// - Parameters:
  ///   - data: The path of a table for a model of tables; otherwise the same as the argument DATA of `train`.
  ///   - model: The model that the samples are for.
  ///   - use: The purpose of the samples.
  ///   - delimiter: The field delimiter of the table; nil for the one of training, or if that is not known, to detect
  ///     it.
  ///   - common: The common options.
  init(
    _ data: String, for model: DescribedModel, use: Use, delimiter: DelimiterName?, common: CommonOptions
  ) throws(MoultError) {
    guard let encoding = model.description.encoding else {
      let samples = try StoredSamples(data, for: model, use: use, common: common)
      (next, encoder, evaluated) = ({ () throws(MoultError) in samples.next() }, nil, samples.evaluated)
      return
    }
    if ["digits", "mnist"].contains(data) {
      throw MoultError(
        .usage, "expected a table, as the model was trained on, got images; name a table", location: data)
    }
    var known: TrainingData?
    if case .evaluating = use { known = try Self.trainingData(data, model, delimiter: delimiter) }
    if use == .evaluating(all: false), let known {
      let samples = StoredSamples(testPartOf: known)
      (next, encoder) = ({ () throws(MoultError) in samples.next() }, nil)
      evaluated = EvaluatedSamples(sameAs: known, name: data, all: false)
      return
    }
    let reader = try CSVReader(
      path: data, delimiter: (delimiter ?? model.data?.settings.table.delimiter)?.delimiter, isReadOnce: true)
    let encoder = try TableEncoder(encoding, reading: reader)
    self.encoder = encoder
    evaluated =
      use == .predicting
      ? nil
      : known.map { EvaluatedSamples(sameAs: $0, name: data, all: true) }
        ?? EvaluatedSamples(others: data, isRecorded: model.data != nil)
    let rows = EncodedRows(encoder, reader, readsTargets: use != .predicting)
    next = { () throws(MoultError) in try rows.next() }
  }

  /// Returns the next batch; nil after the last one.
  func nextBatch() throws(MoultError) -> Batch? { try next() }

  /// Returns the table as it was split for training; nil if the table is not the training data.
  private static func trainingData(
    _ path: String, _ model: DescribedModel, delimiter: DelimiterName?
  ) throws(MoultError) -> TrainingData? {
    // A pipe can be read only once.
    var information = stat()
    guard let record = model.data, stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    guard let data = try? TrainingData(table: path, record.settings(delimiter: delimiter)) else { return nil }
    return try record.recognized(data)
  }
}
