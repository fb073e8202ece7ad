import Moult
import MoultPlatform

/// Samples that a saved model is to answer, some at a time: rows of a table as they are read, or samples in memory.
final class SampleSource {
  /// Some samples in a row.
  struct Batch {
    /// The place of the first one, from 0.
    let first: Int
    /// `[N, ...]`, encoded.
    let inputs: Tensor
    /// What is to be answered, where the data say it: the number of a class, or a quantity in its own unit. NaN for a
    /// class that the model does not know.
    let targets: [Double?]
  }

  /// What samples are for.
  enum Use: Equatable {
    /// To be answered, whether or not the data say what is right.
    case answering
    /// To be compared with what is right: the test part, or `all`.
    case judging(all: Bool)
  }

  static let batchSize = 1_000

  private let next: () throws(MoultError) -> Batch?
  /// What a table's encoding did not know; nil for samples in memory.
  let encoder: TableEncoder?
  /// Which samples these are; nil where they are only answered.
  let judged: JudgedSamples?

  /// - Parameters:
  ///   - data: a table for a model of tables; for others what `train` takes.
  ///   - delimiter: what separates the fields of the table; nil for what was said at training, or else is seen.
  init(
    _ data: String, for model: SavedModel, use: Use, delimiter: DelimiterName?, common: CommonOptions
  ) throws(MoultError) {
    guard let encoding = model.encoding else {
      let samples = try StoredSamples(data, for: model, use: use, common: common)
      (next, encoder, judged) = ({ () throws(MoultError) in samples.next() }, nil, samples.judged)
      return
    }
    if ["digits", "mnist"].contains(data) {
      throw MoultError(
        .usage, "expected a table, as the model was trained on, got images; name a table", location: data)
    }
    var known: LearningProblem?
    if case .judging = use { known = try Self.problemOfTraining(data, model, delimiter: delimiter) }
    if use == .judging(all: false), let known {
      let samples = StoredSamples(testPartOf: known)
      (next, encoder) = ({ () throws(MoultError) in samples.next() }, nil)
      judged = JudgedSamples(sameAs: known, name: data, all: false)
      return
    }
    let reader = try CSVReader(
      path: data, delimiter: (delimiter ?? model.data?.given.delimiter)?.delimiter, isReadOnce: true)
    let encoder = try TableEncoder(encoding, reading: reader)
    self.encoder = encoder
    judged =
      use == .answering
      ? nil
      : known.map { JudgedSamples(sameAs: $0, name: data, all: true) } ?? JudgedSamples(others: data, of: model)
    next = { () throws(MoultError) in
      var inputs: [Float] = [], targets: [Double?] = []
      let first = reader.rowCount
      while targets.count < Self.batchSize, try reader.next() {
        try encoder.appendRow(to: &inputs)
        targets.append(use == .answering ? nil : try Self.target(encoder, reader))
      }
      if targets.isEmpty { return nil }
      return Batch(
        first: first, inputs: Tensor(inputs, shape: [targets.count, encoding.inputSize]), targets: targets)
    }
  }

  /// The next samples; nil after the last.
  func nextBatch() throws(MoultError) -> Batch? { try next() }

  /// The table as training read it; nil if it is another one.
  private static func problemOfTraining(
    _ path: String, _ model: SavedModel, delimiter: DelimiterName?
  ) throws(MoultError) -> LearningProblem? {
    // What comes through a pipe can be read once only.
    var information = stat()
    guard let record = model.data, stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    guard let problem = try? LearningProblem(table: path, record.given(delimiter: delimiter)) else { return nil }
    return try record.recognized(problem)
  }

  private static func target(_ encoder: TableEncoder, _ reader: CSVReader) throws(MoultError) -> Double? {
    guard let text = encoder.targetText else { return nil }
    switch encoder.encoding.target {
    case .classes: return encoder.classIndex(of: text).map(Double.init) ?? .nan
    case .quantity:
      guard let number = encoder.targetNumber else {
        throw MoultError(
          .badData, "line \(reader.line): \(encoder.encoding.targetName): expected a number, got '\(text)'",
          location: reader.location)
      }
      return number
    }
  }
}
