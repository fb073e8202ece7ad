import Moult

extension DatasetParts {
  /// The share of the samples that is split off where there is no test part.
  static let testShare = 0.2

  /// Both parts: those that are there, or a test part split off by `splitSeed`.
  func pair(splitSeed: UInt64, location: String) throws(MoultError) -> DatasetPair {
    if let test { return DatasetPair(train: train, test: test) }
    let (rest, held) = train.split(Self.testShare, seed: splitSeed)
    guard rest.count > 0, held.count > 0 else {
      throw MoultError(
        .badData, "expected a test part, or samples enough to split one off, got \(train.count)", location: location)
    }
    return DatasetPair(train: rest, test: held)
  }
}

extension LearningProblem {
  /// What arrays or images are to teach: classes where the labels are whole numbers, else a quantity.
  init(_ parts: DatasetParts, splitSeed: UInt64, location: String) throws(MoultError) {
    let pair = try parts.pair(splitSeed: splitSeed, location: location)
    let inputs = pair.train.storedInputs
    let recipe: Recipe = inputs.dtype == .uint8 ? .images : .numbers
    if pair.train.labels.dtype == .int32 {
      self.init(images: pair, classNames: parts.classNames.isEmpty ? nil : parts.classNames, recipe: recipe)
    } else {
      let (standardized, mean, deviation) = try Self.standardized(pair, location: location)
      self.init(images: standardized, classNames: [], recipe: recipe)
      task = .regression(name: "y", mean: mean, deviation: deviation)
      // The noise of a quantity is estimated on validation samples, and must not be on those that judge it.
      self.recipe.validationShare = Recipe.quantityValidationShare
    }
    isTestSplitOff = parts.test == nil
    // A square is a guess for bytes alone; two or three axes of an array say it themselves.
    switch Array(inputs.shape.dropFirst()) {
    case let sizes where sizes.count == 2: imageSize = ImageSize(width: sizes[1], height: sizes[0])
    case let sizes where sizes.count == 3 && [1, 3].contains(sizes[2]):
      imageSize = ImageSize(width: sizes[1], height: sizes[0], channels: sizes[2])
    default: if inputs.dtype != .uint8 { imageSize = nil }
    }
  }

  /// What is to be said of numbers that are taken as they are though no network learns well on their scale; nil of others.
  var scaleNote: String? {
    let inputs = train.storedInputs, width = train.inputCount
    guard inputs.dtype == .float32, width > 0 else { return nil }
    var moments = Array(repeating: RunningMoments(), count: width)
    for (index, value) in inputs.scalars(as: Double.self).enumerated() { moments[index % width].add(value) }
    func size(_ moments: RunningMoments) -> Double { max(moments.mean.magnitude, moments.deviation) }
    guard let worst = moments.indices.max(by: { size(moments[$0]) < size(moments[$1]) }) else { return nil }
    let isTooSmall = moments.allSatisfy { $0.deviation < 0.01 }
    guard size(moments[worst]) > 10 || isTooSmall else { return nil }
    return
      "inputs are taken as they are, and input \(worst) has mean \(NumberFormat.significant(moments[worst].mean)) and "
      + "standard deviation \(NumberFormat.significant(moments[worst].deviation)); networks learn best where these are about "
      + "0 and 1: save (x - x.mean(0)) / x.std(0) of the training part"
  }

  /// The pair with answers of mean 0 and deviation 1 in the training part, and what they were.
  private static func standardized(
    _ pair: DatasetPair, location: String
  ) throws(MoultError) -> (pair: DatasetPair, mean: Double, deviation: Double) {
    guard pair.train.labels.shape.dropFirst() == [1] else {
      throw MoultError(
        .badData, "expected one quantity for each sample, [N] or [N, 1], got labels \(pair.train.labels.shape)",
        location: location)
    }
    let values = pair.train.labels.scalars(as: Double.self), count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    guard deviation > 0 else {
      throw MoultError(.badData, "expected a quantity that varies, got \(mean) in every sample", location: location)
    }
    func standardized(_ data: Dataset) throws(MoultError) -> Dataset {
      var labels: [Float] = []
      for value in data.labels.scalars(as: Double.self) {
        let scaled = (value - mean) / deviation
        guard scaled.magnitude <= TableEncoding.greatestMagnitude else {
          throw MoultError(
            .badData,
            "expected quantities of one scale (mean \(mean), standard deviation \(deviation) in training), got \(value)",
            location: location)
        }
        labels.append(Float(scaled))
      }
      return Dataset(inputs: data.storedInputs, labels: Tensor(labels, shape: data.labels.shape))
    }
    return (try DatasetPair(train: standardized(pair.train), test: standardized(pair.test)), mean, deviation)
  }
}
