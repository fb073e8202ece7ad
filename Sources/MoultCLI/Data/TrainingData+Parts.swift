import Moult

extension DatasetParts {
  /// The fraction of the samples that is split off as test part if the data have none.
  static let testFraction = 0.2

  /// Returns the training and the test part. A missing test part is split off at random with `splitSeed`.
  func pair(splitSeed: UInt64, location: String) throws(MoultError) -> DatasetPair {
    if let test { return DatasetPair(train: train, test: test) }
    let (rest, held) = train.split(Self.testFraction, seed: splitSeed)
    guard rest.count > 0, held.count > 0 else {
      throw MoultError(
        .badData, "expected a test part, or samples enough to split one off, got \(train.count)", location: location)
    }
    return DatasetPair(train: rest, test: held)
  }
}

extension TrainingData {
  /// Creates training data from arrays or images: a classification if the labels are integers, otherwise a regression.
  init(_ parts: DatasetParts, splitSeed: UInt64, location: String) throws(MoultError) {
    let pair = try parts.pair(splitSeed: splitSeed, location: location)
    let inputs = pair.train.storedInputs
    let recipe: Recipe = inputs.dtype == .uint8 ? .images : .numbers
    if pair.train.labels.dtype == .int32 {
      self.init(images: pair, classNames: parts.classNames.isEmpty ? nil : parts.classNames, recipe: recipe)
    } else {
      let (standardized, target) = try Self.standardized(pair, location: location)
      self.init(images: standardized, classNames: [], recipe: recipe)
      self.target = target
      // The noise of a regression is estimated on validation samples, which must not be the test samples.
      self.recipe.defaults.settings.validationFraction = Recipe.validationFractionOfRegression
    }
    isTestSplitOff = parts.test == nil
    // The size of an image is known for arrays of two or three axes; for flat bytes a square is assumed.
    switch Array(inputs.shape.dropFirst()) {
    case let sizes where sizes.count == 2: imageSize = ImageSize(width: sizes[1], height: sizes[0])
    case let sizes where sizes.count == 3 && [1, 3].contains(sizes[2]):
      imageSize = ImageSize(width: sizes[1], height: sizes[0], channels: sizes[2])
    default: if inputs.dtype != .uint8 { imageSize = nil }
    }
  }

  /// A message if the inputs are badly scaled (they are not standardized here); nil if they are fine.
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

  /// Returns the data with labels standardized to mean 0 and standard deviation 1 in the training part, and the target
  /// with that mean and deviation.
  private static func standardized(
    _ pair: DatasetPair, location: String
  ) throws(MoultError) -> (pair: DatasetPair, target: PredictionTarget) {
    guard pair.train.labels.shape.dropFirst() == [1] else {
      throw MoultError(
        .badData, "expected one number for each sample, [N] or [N, 1], got labels \(pair.train.labels.shape)",
        location: location)
    }
    let values = pair.train.labels.scalars(as: Double.self), count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    guard deviation > 0 else {
      throw MoultError(.badData, "expected a number that varies, got \(mean) in every sample", location: location)
    }
    func standardized(_ data: TensorDataset) throws(MoultError) -> TensorDataset {
      var labels: [Float] = []
      for value in data.labels.scalars(as: Double.self) {
        guard let scaled = standardizedValue(value, mean: mean, deviation: deviation) else {
          throw MoultError(
            .badData,
            "expected numbers of one scale (mean \(mean), standard deviation \(deviation) in training), got \(value)",
            location: location)
        }
        labels.append(scaled)
      }
      return TensorDataset(inputs: data.storedInputs, labels: Tensor(labels, shape: data.labels.shape))
    }
    return (
      try DatasetPair(train: standardized(pair.train), test: standardized(pair.test)),
      PredictionTarget(number: "y", mean: mean, deviation: deviation)
    )
  }
}
