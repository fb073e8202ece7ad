import Moult

/// The samples of a run in three parts, with their target, from any kind of source.
struct TrainingData {
  /// The target of the prediction: the names of the classes, or the name and scale of a number.
  var target: PredictionTarget
  var train: TensorDataset
  /// The samples that are evaluated after every epoch. If they are the test part, they must not be used to choose
  /// anything.
  var validation: TensorDataset
  /// The samples on which the finished network is evaluated.
  var test: TensorDataset
  /// Whether there is no validation part, so that the test part is evaluated after every epoch.
  var isValidatedOnTest: Bool
  /// Whether the test part was split off at random, because the data have no test part.
  var isTestSplitOff = false
  /// The size of the images; nil if the samples are not images.
  var imageSize: ImageSize?
  /// The table whose rows are the samples; nil for other data.
  var table: TrainingTable?
  /// The default settings for data of this kind.
  var recipe: Recipe

  /// The size of an image, and its number of channels.
  struct ImageSize: Equatable {
    var width, height: Int
    /// The number of channels: 1 for gray, 3 for red, green and blue.
    var channels = 1
  }

  /// Creates training data from labeled images in a training and a test part. The test part is also evaluated after
  /// every epoch.
  init(images pair: DatasetPair, classNames: [String]? = nil, recipe: Recipe = .images) {
    target = PredictionTarget(classes: classNames ?? Self.classNumbers(pair))
    (train, validation, test, isValidatedOnTest) = (pair.train, pair.test, pair.test, true)
    imageSize = Self.square(inputCount: pair.train.inputCount)
    self.recipe = recipe
  }

  private static func classNumbers(_ pair: DatasetPair) -> [String] {
    (0..<max(classCount(pair.train), classCount(pair.test))).map(String.init)
  }

  private static func classCount(_ data: TensorDataset) -> Int {
    (data.labels.scalars(as: Int64.self).max()).map { Int($0) + 1 } ?? 0
  }

  /// Returns the size of a square image if the number of inputs is a square; files of MNIST's kind are flattened when
  /// read.
  private static func square(inputCount: Int) -> ImageSize? {
    let side = Int(Double(inputCount).squareRoot().rounded())
    return side > 1 && side * side == inputCount ? ImageSize(width: side, height: side) : nil
  }

  /// The number of inputs of the first layer.
  var inputSize: Int { embeddings?.outputSize ?? train.inputCount }

  /// The sizes of the embeddings of categorical columns; nil if there are none.
  var embeddings: EmbeddingSizes? { table.flatMap { EmbeddingSizes($0.encoding) } }

  /// The number of outputs of a network: one for each class, or 1 for a regression.
  var outputSize: Int { target.outputSize }

  /// Returns the data with a validation part that is split off the training part at random; unchanged if there is one
  /// already.
  ///
  /// - Parameters:
  ///   - fraction: The fraction of the training samples for validation; with 0 nothing changes.
  ///   - seed: The seed of the random split.
  /// - Throws: `.usage` if one of the two parts would be empty.
  func holdingOut(_ fraction: Double, seed: UInt64) throws(MoultError) -> TrainingData {
    guard isValidatedOnTest, fraction > 0 else { return self }
    let (rest, held) = train.split(fraction, seed: seed)
    guard rest.count > 0, held.count > 0 else {
      throw MoultError(
        .usage,
        "--validation-share \(fraction): expected a fraction that leaves samples for training and for validation, "
          + "got \(rest.count) and \(held.count) of \(train.count)")
    }
    var data = self
    (data.train, data.validation, data.isValidatedOnTest) = (rest, held, false)
    return data
  }
}

extension TensorDataset {
  /// The number of inputs of a sample.
  var inputCount: Int { storedInputs.shape.dropFirst().reduce(1, *) }
}
