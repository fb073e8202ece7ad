import Moult

/// Samples in memory that a saved model is to answer, handed out some at a time.
final class StoredSamples {
  /// Samples with what is to be answered for each.
  private struct Part {
    let samples: Dataset
    let targets: [Double?]

    init(samples: Dataset, targets: [Double?]) { (self.samples, self.targets) = (samples, targets) }

    /// Samples that are only answered.
    init(_ samples: Dataset) { self.init(samples: samples, targets: Array(repeating: nil, count: samples.count)) }

    /// The same of inputs without labels.
    init(_ inputs: Tensor) {
      self.init(Dataset(inputs: inputs, labels: .zeros([inputs.shape[0]], dtype: .int32)))
    }
  }

  /// Which samples these are; nil where they are only answered.
  let judged: JudgedSamples?
  private let parts: [Part]
  private var part = 0, batches: Batches.Iterator?, first = 0

  /// The samples that a network was not shown.
  init(testPartOf problem: LearningProblem) {
    judged = nil
    parts = [Part(samples: problem.test, targets: problem.targets(of: problem.test))]
  }

  /// Arrays or images: of data with a test part that part, of others all, or for judging what training split off.
  init(
    _ name: String, for model: SavedModel, use: SampleSource.Use, common: CommonOptions
  ) throws(MoultError) {
    let source = try DataSource(name)
    if case .table = source {
      throw MoultError(
        .usage,
        "expected images or arrays, as the model was trained on, got a table; give what 'moult train' was given",
        location: name)
    }
    if case .arrays(let path) = source, use == .answering {
      (parts, judged) = ([Part(try NPZ.samples(path))], nil)
      try Self.check(parts[0].samples, for: model, name)
      return
    }
    var size: PixelSize?
    if case .images = source { size = model.data?.given.imageSize }
    let found: DatasetParts
    if let parts = try source.parts(imageSize: size) {
      found = parts
    } else {
      let pair = try source.load(common: common)
      found = DatasetParts(train: pair.train, test: pair.test)
    }
    try Self.check(found.train, for: model, name)
    guard case .judging(let all) = use else {
      let samples = found.test ?? found.train
      (parts, judged) = ([Part(samples)], nil)
      return
    }
    func part(_ samples: Dataset) throws(MoultError) -> Part {
      Part(samples: samples, targets: try model.targets(of: samples, classNames: found.classNames, location: name))
    }
    if let test = found.test {
      parts = all ? [try part(found.train), try part(test)] : [try part(test)]
      judged = JudgedSamples(ownParts: name, train: found.train.count, test: test.count, all: all)
    } else if let known = try Self.problemOfTraining(found, model, name) {
      parts =
        all
        ? [try part(found.train)] : [Part(samples: known.test, targets: known.targets(of: known.test))]
      judged = JudgedSamples(sameAs: known, name: name, all: all)
    } else {
      parts = [try part(found.train)]
      judged = JudgedSamples(others: name, of: model)
    }
  }

  /// Throws unless the network can take the samples.
  private static func check(_ samples: Dataset, for model: SavedModel, _ name: String) throws(MoultError) {
    guard samples.inputCount == model.network.spec.inputSize else {
      throw MoultError(
        .usage,
        "\(name): expected samples of \(model.network.spec.inputSize) inputs, as the model takes, got \(samples.inputCount)"
      )
    }
  }

  /// The problem as training had it; nil for other samples.
  private static func problemOfTraining(
    _ parts: DatasetParts, _ model: SavedModel, _ name: String
  ) throws(MoultError) -> LearningProblem? {
    guard let record = model.data,
      let problem = try? LearningProblem(parts, splitSeed: record.given.splitSeed ?? 0, location: name)
    else { return nil }
    return try record.recognized(problem)
  }

  /// The next samples; nil after the last.
  func next() -> SampleSource.Batch? {
    while part < parts.count {
      let current = parts[part]
      var iterator = batches ?? current.samples.batches(of: SampleSource.batchSize).makeIterator()
      if let batch = iterator.next() {
        batches = iterator
        defer { first += batch.count }
        return SampleSource.Batch(
          first: first, inputs: batch.inputs, targets: batch.indices.map { current.targets[$0] })
      }
      (part, batches) = (part + 1, nil)
    }
    return nil
  }
}

extension LearningProblem {
  /// What is right for each sample, in its own unit.
  fileprivate func targets(of part: Dataset) -> [Double?] {
    let labels = part.labels.scalars(as: Double.self)
    guard case .regression(_, let mean, let deviation) = task else { return labels }
    return labels.map { $0 * deviation + mean }
  }
}

extension SavedModel {
  /// What is right for each sample, as the model counts: NaN for a class that it does not know.
  ///
  /// - Parameter classNames: what the data call their classes; empty if they only count them.
  fileprivate func targets(
    of part: Dataset, classNames: [String], location: String
  ) throws(MoultError) -> [Double?] {
    guard part.labels.shape.dropFirst().allSatisfy({ $0 == 1 }) else {
      throw MoultError(
        .badData, "expected one answer for each sample, [N] or [N, 1], got labels \(part.labels.shape)",
        location: location)
    }
    let labels = part.labels.scalars(as: Double.self)
    guard case .classification(let names) = task else { return labels }
    guard part.labels.dtype == .int32 else {
      throw MoultError(
        .badData, "expected the numbers of classes, as the model answers, got a quantity", location: location)
    }
    // The same number may be another class in another folder.
    let isNamed = namesClasses && !classNames.isEmpty
    return labels.map { label in
      if isNamed {
        let name = classNames[Int(label)]
        return names.firstIndex(of: name).map(Double.init) ?? .nan
      }
      return (0..<Double(names.count)).contains(label) ? label : .nan
    }
  }
}
