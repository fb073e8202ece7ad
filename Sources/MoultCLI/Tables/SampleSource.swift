import Moult

/// Samples that a saved model is to answer, some at a time: rows of a table as they are read, or the images of a set.
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

  private static let batchSize = 1_000

  private let next: () throws(MoultError) -> Batch?
  /// What a table's encoding did not know; nil for images.
  let encoder: TableEncoder?

  /// - Parameter data: a table for a model of tables; digits, mnist or a folder, whose test images are taken.
  init(_ data: String, for model: SavedModel, delimiter: CSVDelimiter?, common: CommonOptions) throws(MoultError) {
    guard let encoding = model.encoding else {
      (next, encoder) = (try Self.images(data, model, common: common), nil)
      return
    }
    let reader = try CSVReader(path: data, delimiter: delimiter)
    let encoder = try TableEncoder(encoding, reading: reader)
    self.encoder = encoder
    next = { () throws(MoultError) in
      var inputs: [Float] = [], targets: [Double?] = []
      let first = reader.rowCount
      while targets.count < Self.batchSize, try reader.next() {
        try encoder.appendRow(to: &inputs)
        targets.append(try Self.target(encoder, reader))
      }
      if targets.isEmpty { return nil }
      return Batch(
        first: first, inputs: Tensor(inputs, shape: [targets.count, encoding.inputSize]), targets: targets)
    }
  }

  /// The next samples; nil after the last.
  func nextBatch() throws(MoultError) -> Batch? { try next() }

  private static func target(_ encoder: TableEncoder, _ reader: CSVReader) throws(MoultError) -> Double? {
    guard let text = encoder.targetText else { return nil }
    switch encoder.encoding.target {
    case .classes: return encoder.classIndex(of: text).map(Double.init) ?? .nan
    case .quantity:
      guard let number = Double(text), number.isFinite else {
        throw MoultError(
          .badData, "line \(reader.line): \(encoder.encoding.targetName): expected a number, got '\(text)'",
          location: reader.location)
      }
      return number
    }
  }

  private static func images(
    _ name: String, _ model: SavedModel, common: CommonOptions
  ) throws(MoultError) -> () throws(MoultError) -> Batch? {
    let source = try DataSource(name)
    if case .table = source {
      throw MoultError(.usage, "expected images, as the model was trained on, got a file", location: name)
    }
    let data = try source.load(common: common).test
    guard data.inputCount == model.network.spec.inputSize else {
      throw MoultError(
        .usage,
        "\(name): expected samples of \(model.network.spec.inputSize) inputs, as the model takes, got \(data.inputCount)"
      )
    }
    let batches = BatchQueue(data, size: batchSize)
    return { () throws(MoultError) in batches.next() }
  }
}

/// Hands out a data set's batches.
private final class BatchQueue {
  private var iterator: Batches.Iterator

  init(_ data: Dataset, size: Int) { iterator = data.batches(of: size).makeIterator() }

  func next() -> SampleSource.Batch? {
    iterator.next().map {
      SampleSource.Batch(first: $0.indices[0], inputs: $0.inputs, targets: $0.labels.scalars(as: Double.self))
    }
  }
}
