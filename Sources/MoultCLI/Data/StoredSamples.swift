import Moult

/// Samples in memory for a trained model, some at a time.
final class StoredSamples {
  /// Samples with the target of each.
  private struct Part {
    let samples: Dataset
    let targets: [Double?]

    init(samples: Dataset, targets: [Double?]) { (self.samples, self.targets) = (samples, targets) }

    /// Samples that are only predicted.
    init(_ samples: Dataset) { self.init(samples: samples, targets: Array(repeating: nil, count: samples.count)) }

    /// The same of inputs without labels.
    init(_ inputs: Tensor) {
      self.init(Dataset(inputs: inputs, labels: .zeros([inputs.shape[0]], dtype: .int32)))
    }
  }

  /// The description of the samples; nil where they are only predicted.
  let evaluated: EvaluatedSamples?
  private let parts: [Part]
  private var part = 0, batches: Batches.Iterator?, first = 0

  /// The samples that a network was not shown.
  init(testPartOf data: TrainingData) {
    evaluated = nil
    parts = [Part(samples: data.test, targets: data.targets(of: data.test))]
  }

  /// Arrays or images: the test part of data that have one, all of others, or for evaluation the part that training
  /// split off.
  init(
    _ name: String, for model: DescribedModel, use: SampleSource.Use, common: CommonOptions
  ) throws(MoultError) {
    let source = try DataSource(name)
    if case .table = source {
      throw MoultError(
        .usage,
        "expected images or arrays, as the model was trained on, got a table; give what 'moult train' was given",
        location: name)
    }
    if case .arrays(let path) = source, use == .predicting {
      (parts, evaluated) = ([Part(try NPZ.samples(path))], nil)
      try Self.check(parts[0].samples, for: model, name)
      return
    }
    var size: PixelSize?
    if case .images = source { size = model.data?.settings.settings.imageSize }
    let found: DatasetParts
    if let parts = try source.parts(imageSize: size) {
      found = parts
    } else {
      let pair = try source.load(common: common)
      found = DatasetParts(train: pair.train, test: pair.test)
    }
    try Self.check(found.train, for: model, name)
    guard case .evaluating(let all) = use else {
      let samples = found.test ?? found.train
      (parts, evaluated) = ([Part(samples)], nil)
      return
    }
    func part(_ samples: Dataset) throws(MoultError) -> Part {
      Part(
        samples: samples,
        targets: try model.description.targets(of: samples, classNames: found.classNames, location: name))
    }
    if let test = found.test {
      parts = all ? [try part(found.train), try part(test)] : [try part(test)]
      evaluated = EvaluatedSamples(ownParts: name, train: found.train.count, test: test.count, all: all)
    } else if let known = try Self.trainingData(found, model, name) {
      parts =
        all
        ? [try part(found.train)] : [Part(samples: known.test, targets: known.targets(of: known.test))]
      evaluated = EvaluatedSamples(sameAs: known, name: name, all: all)
    } else {
      parts = [try part(found.train)]
      evaluated = EvaluatedSamples(others: name, isRecorded: model.data != nil)
    }
  }

  /// Throws unless the network can take the samples.
  private static func check(_ samples: Dataset, for model: DescribedModel, _ name: String) throws(MoultError) {
    guard samples.inputCount == model.description.spec.layers.inputSize else {
      throw MoultError(
        .usage,
        "\(name): expected samples of \(model.description.spec.layers.inputSize) inputs, as the model takes, "
          + "got \(samples.inputCount)"
      )
    }
  }

  /// The data as training had them; nil for other samples.
  private static func trainingData(
    _ parts: DatasetParts, _ model: DescribedModel, _ name: String
  ) throws(MoultError) -> TrainingData? {
    guard let record = model.data,
      let data = try? TrainingData(parts, splitSeed: record.settings.settings.splitSeed ?? 0, location: name)
    else { return nil }
    return try record.recognized(data)
  }

  /// The next samples; nil after the last.
  func next() -> SampleSource.Batch? {
    while part < parts.count {
      let current = parts[part]
      var iterator = batches ?? current.samples.batches(of: EncodedRows.batchSize).makeIterator()
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

extension TrainingData {
  /// The target of each sample, in its own unit.
  fileprivate func targets(of part: Dataset) -> [Double?] {
    let labels = part.labels.scalars(as: Double.self)
    return target.task == .regression ? labels.map(target.inUnits) : labels
  }
}

extension ModelDescription {
  /// The target of each sample by the model's classes: NaN for a class that it does not know.
  ///
  /// - Parameter classNames: The names of the classes of the data; empty if they have only numbers.
  fileprivate func targets(
    of part: Dataset, classNames: [String], location: String
  ) throws(MoultError) -> [Double?] {
    guard part.labels.shape.dropFirst().allSatisfy({ $0 == 1 }) else {
      throw MoultError(
        .badData, "expected one label for each sample, [N] or [N, 1], got labels \(part.labels.shape)",
        location: location)
    }
    let labels = part.labels.scalars(as: Double.self)
    if target.task == .regression { return labels }
    let names = target.classNames
    guard part.labels.dtype == .int32 else {
      throw MoultError(
        .badData, "expected the numbers of classes, as the model predicts, got other numbers", location: location)
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
