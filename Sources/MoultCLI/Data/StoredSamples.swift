import Moult

/// Samples in memory for a trained model, in batches.
final class StoredSamples {
  /// Samples, and the target of each.
  private struct Part {
    let samples: TensorDataset
    let targets: [Double?]

    init(samples: TensorDataset, targets: [Double?]) { (self.samples, self.targets) = (samples, targets) }

    /// Creates a part of samples without targets.
    init(_ samples: TensorDataset) { self.init(samples: samples, targets: Array(repeating: nil, count: samples.count)) }

    /// Creates a part of inputs without labels.
    init(_ inputs: Tensor) {
      self.init(TensorDataset(inputs: inputs, labels: .zeros([inputs.shape[0]], dtype: .int32)))
    }
  }

  /// The description of the evaluated samples; nil if the samples are only predicted.
  let evaluated: EvaluatedSamples?
  private let parts: [Part]
  private var part = 0, batches: Batches.Iterator?, first = 0

  /// Creates the samples of the test part of the training data.
  init(testPartOf data: TrainingData) {
    evaluated = nil
    parts = [Part(samples: data.test, targets: data.targets(of: data.test))]
  }

  /// Reads arrays or images: their test part if they have one, otherwise all samples. For evaluation of the training
  /// data it is the test part that was split off for training.
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
    func part(_ samples: TensorDataset) throws(MoultError) -> Part {
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

  /// Throws `.usage` unless the samples have as many inputs as the network.
  private static func check(_ samples: TensorDataset, for model: DescribedModel, _ name: String) throws(MoultError) {
    guard samples.inputCount == model.description.spec.layers.inputSize else {
      throw MoultError(
        .usage,
        "\(name): expected samples of \(model.description.spec.layers.inputSize) inputs, as the model takes, "
          + "got \(samples.inputCount)"
      )
    }
  }

  /// Returns the data as they were split for training; nil if they are not the training data.
  private static func trainingData(
    _ parts: DatasetParts, _ model: DescribedModel, _ name: String
  ) throws(MoultError) -> TrainingData? {
    guard let record = model.data,
      let data = try? TrainingData(parts, splitSeed: record.settings.settings.splitSeed ?? 0, location: name)
    else { return nil }
    return try record.recognized(data)
  }

  /// Returns the next batch; nil after the last one.
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
  /// Returns the target of each sample of a part, in the original unit.
  fileprivate func targets(of part: TensorDataset) -> [Double?] {
    let labels = part.labels.scalars(as: Double.self)
    return target.task == .regression ? labels.map(target.inUnits) : labels
  }
}

extension ModelDescription {
  /// Returns the target of each sample as an index of the model's classes; NaN for a class that the model does not
  /// know.
  ///
  /// - Parameters:
  ///   - part: The samples.
  ///   - classNames: The names of the data's classes; empty if the classes have only numbers.
  ///   - location: The name of the data in error messages.
  fileprivate func targets(
    of part: TensorDataset, classNames: [String], location: String
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
    // The same label can mean another class in another folder, so classes are matched by name.
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
