import Moult

/// What a run is to learn, whatever kind of file it came from.
struct LearningProblem {
  /// What the answers are.
  enum Task: Equatable {
    /// One of the classes with these names, in the order of their labels.
    case classification([String])
    /// A quantity: its name, and what standardized answers are multiplied with and moved by.
    case regression(name: String, mean: Double, deviation: Double)
  }

  /// How the outputs of a network are read.
  var task: Task
  var train: Dataset
  /// What is looked at after every epoch. Nothing may be chosen by it if it is the test part.
  var validation: Dataset
  /// What the finished network is judged by.
  var test: Dataset
  /// Whether the data had no validation part of their own, so that the test part is looked at after every epoch.
  var isValidatedOnTest: Bool
  /// Whether the test part was split off from samples that are one part in the data.
  var isTestSplitOff = false
  /// Width and height where a sample is an image.
  var imageSize: ImageSize?
  /// The table that the samples are rows of.
  var table: TrainingTable?
  /// What suits data of this kind.
  var recipe: Recipe

  /// The sizes of an image.
  struct ImageSize: Equatable {
    var width, height: Int
    /// 1 for gray, 3 for red, green and blue.
    var channels = 1
  }

  /// Images of classes in a training and a test part, which is looked at during training too.
  init(images pair: DatasetPair, classNames: [String]? = nil, recipe: Recipe = .images) {
    task = .classification(classNames ?? Self.classNumbers(pair))
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

  /// What categories of many values are looked up in.
  var embeddings: EmbeddingSizes? { table.flatMap { EmbeddingSizes($0.encoding) } }

  /// Outputs of a network: one for each class, or one.
  var outputSize: Int {
    switch task {
    case .classification(let names): names.count
    case .regression: 1
    }
  }

  /// The same problem with a validation part of its own, split off the training part by `seed`; nothing changes where there
  /// is one already.
  func holdingOut(_ share: Double, seed: UInt64) throws(MoultError) -> LearningProblem {
    guard isValidatedOnTest, share > 0 else { return self }
    let (rest, held) = train.split(share, seed: seed)
    guard rest.count > 0, held.count > 0 else {
      throw MoultError(
        .usage,
        "--validation-share \(share): expected a share that leaves samples for training and for validation, "
          + "got \(rest.count) and \(held.count) of \(train.count)")
    }
    var problem = self
    (problem.train, problem.validation, problem.isValidatedOnTest) = (rest, held, false)
    return problem
  }
}

extension Dataset {
  /// The number of inputs of a sample.
  var inputCount: Int { storedInputs.shape.dropFirst().reduce(1, *) }
}
