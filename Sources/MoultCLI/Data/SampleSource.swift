import Moult
import MoultPlatform

/// Samples for a trained model, some at a time: rows of a table as they are read, or samples in memory.
final class SampleSource {
  /// Some consecutive samples: their encoded inputs, and their targets where they are known.
  typealias Batch = EncodedRows.Batch

  /// The purpose of the samples.
  enum Use: Equatable {
    /// They are predicted, whether or not their targets are known.
    case predicting
    /// Predictions are compared with the targets: of the test part, or of all samples.
    case evaluating(all: Bool)
  }

  private let next: () throws(MoultError) -> Batch?
  /// The encoder of the rows, which counts values that the training data did not have; nil for samples in memory.
  let encoder: TableEncoder?
  /// The description of the samples; nil where they are only predicted.
  let evaluated: EvaluatedSamples?

  /// - Parameters:
  ///   - data: A table for a model of tables; for others what `train` takes.
  ///   - delimiter: The delimiter of the table; nil for that of training, or else for what the table suggests.
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

  /// The next samples; nil after the last.
  func nextBatch() throws(MoultError) -> Batch? { try next() }

  /// The table as training read it; nil if it is another one.
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
