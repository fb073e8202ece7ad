import Moult

/// The architecture and training settings of a study's classifier, without data and seed.
struct ClassifierRecipe: CustomStringConvertible {
  /// The activation of each hidden layer.
  enum Activation: String {
    case relu, logistic, tanh

    var layer: any Module<Tensor, Tensor> {
      switch self {
      case .relu: ReLU()
      case .logistic: Sigmoid()
      case .tanh: Tanh()
      }
    }

    /// The initializer that keeps the scale of activations through many layers. The logistic function has a slope of at
    /// most 1/4, so its weights are four times those of tanh.
    var initializer: any Initializer {
      switch self {
      case .relu: .kaimingNormal()
      case .logistic: .xavierNormal(gain: 4)
      case .tanh: .xavierNormal()
      }
    }

    var initializerName: String {
      switch self {
      case .relu: "He-normal weights"
      case .logistic: "Glorot-normal weights, times 4"
      case .tanh: "Glorot-normal weights"
      }
    }
  }

  /// The kind of dropout in hidden layers, with its rate.
  enum Dropping: Equatable {
    case nothing
    case units(Double)
    case weights(Double)
  }

  /// The length of training.
  enum Length: Equatable {
    case epochs(Int)
    /// The number of whole epochs, at least one, that make at most this number of weight updates.
    case updates(Int)

    func epochs(samples: Int, batchSize: Int) -> Int {
      switch self {
      case .epochs(let epochs): epochs
      case .updates(let updates): max(1, updates / max(1, (samples - 1) / batchSize + 1))
      }
    }
  }

  /// The number of pixels in an image.
  static let inputSize = 784

  var hiddenSizes: [Int]
  var activation = Activation.relu
  var dropping = Dropping.units(0.5)
  var inputRate = 0.2
  var maxNorm: Double?
  var length: Length
  var batchSize = 128
  var learningRate = 0.02
  var momentum = 0.95

  /// The recipe in words.
  var description: String {
    let spec = LayerSizes(inputSize: Self.inputSize, hiddenSizes: hiddenSizes, outputSize: 10)
    let dropped =
      switch dropping {
      case .nothing: "nothing dropped"
      case .units(let rate): "dropout \(rate)"
      case .weights(let rate): "DropConnect \(rate)"
      }
    let inputs = inputRate > 0 ? " (inputs \(inputRate))" : ""
    let limit = maxNorm.map { ", max-norm \($0) on hidden units' weights" } ?? ""
    let time =
      switch length {
      case .epochs(let count): "\(count) epochs"
      case .updates(let count): "\(NumberFormat.grouped(count)) updates"
      }
    return "\(spec), \(activation), \(dropped)\(inputs)\(limit), \(activation.initializerName), batch \(batchSize), "
      + "SGD \(learningRate) with momentum \(momentum), an epoch of warm-up and a cosine to 0, \(time), final weights"
  }

  /// The small version for `--quick`: a quarter of the units, at most ten epochs or 800 updates.
  var quick: ClassifierRecipe {
    var recipe = self
    recipe.hiddenSizes = hiddenSizes.map { max(1, $0 / 4) }
    recipe.length =
      switch length {
      case .epochs(let count): .epochs(min(count, 10))
      case .updates(let count): .updates(min(count, 800))
      }
    return recipe
  }

  /// Returns a new network with random weights and zero biases.
  func makeNetwork(classCount: Int) -> Sequential {
    let constraint = maxNorm.map { MaxNorm($0) }
    var layers: [any Module<Tensor, Tensor>] = inputRate > 0 ? [Dropout(inputRate)] : []
    for (from, to) in zip([Self.inputSize] + hiddenSizes, hiddenSizes) {
      if case .weights(let rate) = dropping {
        layers.append(
          DropConnect(from, to, rate: rate, initializer: activation.initializer, constraint: constraint))
      } else {
        layers.append(Linear(from, to, initializer: activation.initializer, constraint: constraint))
      }
      layers.append(activation.layer)
      if case .units(let rate) = dropping { layers.append(Dropout(rate)) }
    }
    layers.append(Linear(hiddenSizes.last ?? Self.inputSize, classCount, initializer: activation.initializer))
    let network = Sequential(layers)
    for parameter in network.parameters() where parameter.shape.count == 1 {
      parameter.value = .zeros(parameter.shape)
    }
    return network
  }

  /// Returns the learning-rate schedule: one epoch of warm-up, then a cosine to 0.
  func schedule(stepsPerEpoch: Int, epochs: Int) -> any Schedule {
    let warmUp = epochs > 1 ? stepsPerEpoch : 0
    return WarmUp(
      steps: warmUp, then: CosineSchedule(learningRate, over: max(1, stepsPerEpoch * epochs - warmUp)))
  }
}
