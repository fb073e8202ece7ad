import Moult

/// The samples of a run in three parts, with their target, whatever kind of file they came from.
struct TrainingData {
  /// The target: the classes, or the number, that the model predicts.
  var target: PredictionTarget
  var train: Dataset
  /// The samples that are evaluated after every epoch. If they are the test part, nothing may be chosen by them.
  var validation: Dataset
  /// The samples that the finished network is evaluated on.
  var test: Dataset
  /// Whether the data had no validation part, so that the test part is evaluated after every epoch.
  var isValidatedOnTest: Bool
  /// Whether the test part was split off from samples that are one part in the data.
  var isTestSplitOff = false
  /// Width and height where a sample is an image.
  var imageSize: ImageSize?
  /// The table that the samples are rows of.
  var table: TrainingTable?
  /// The default settings for data of this kind.
  var recipe: Recipe

  /// The sizes of an image.
  struct ImageSize: Equatable {
    var width, height: Int
    /// 1 for gray, 3 for red, green and blue.
    var channels = 1
  }

  /// Images of classes in a training and a test part, which is also evaluated after every epoch.
  init(images pair: DatasetPair, classNames: [String]? = nil, recipe: Recipe = .images) {
    target = PredictionTarget(classes: classNames ?? Self.classNumbers(pair))
    (train, validation, test, isValidatedOnTest) = (pair.train, pair.test, pair.test, true)
    imageSize = Self.square(inputCount: pair.train.inputCount)
    self.recipe = recipe
  }

  private static func classNumbers(_ pair: DatasetPair) -> [String] {
    (0..<max(classCount(pair.train), classCount(pair.test))).map(String.init)
  }

  private static func classCount(_ data: Dataset) -> Int {
    (data.labels.scalars(as: Int64.self).max()).map { Int($0) + 1 } ?? 0
  }

  /// MNIST and its kin keep no sizes: a square, if the number of inputs is one.
  private static func square(inputCount: Int) -> ImageSize? {
    let side = Int(Double(inputCount).squareRoot().rounded())
    return side > 1 && side * side == inputCount ? ImageSize(width: side, height: side) : nil
  }

  /// Inputs of the first layer.
  var inputSize: Int { embeddings?.outputSize ?? train.inputCount }

  /// The embeddings of categories with many values.
  var embeddings: EmbeddingSizes? { table.flatMap { EmbeddingSizes($0.encoding) } }

  /// Outputs of a network: one for each class, or one.
  var outputSize: Int { target.outputSize }

  /// The same data with a validation part, split off the training part by `seed`; unchanged where there is one already.
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

extension Dataset {
  /// The number of inputs of a sample.
  var inputCount: Int { storedInputs.shape.dropFirst().reduce(1, *) }
}
