/// The settings of `moult explain`: those that options change, and constants.
struct ExplainSettings: Equatable {
  /// The seed of weights, masks and the order of samples.
  var seed: UInt64 = 0
  /// The number of training digits: few, so that the networks overfit.
  var images = Self.defaultImages
  /// The number of training epochs.
  var epochs = Self.defaultEpochs
  /// The dropout rate of the network with dropout.
  var rate = Self.defaultRate

  static let defaultImages = 1_000
  static let defaultEpochs = 40
  static let defaultRate = 0.5
  static let imageLimits = 20...10_000
  static let epochLimits = 1...1_000

  static let learningRate = 0.05
  static let momentum = 0.9
  static let batchSize = 100
  /// The number of stochastic forward passes of a Monte Carlo prediction.
  static let passes = 100

  /// The number of validation digits, on which neither network is trained.
  var validationImages: Int { min(2 * images, 2_000) }
  /// The number of digits that are predicted upright and rotated.
  var turnedImages: Int { min(images, 200) }
  /// The number of masks over which means are computed.
  var draws: Int { 4 * images }

  /// The command that computes the same numbers.
  var command: String {
    var words = ["moult explain --seed \(seed)"]
    if images != Self.defaultImages { words.append("--images \(images)") }
    if epochs != Self.defaultEpochs { words.append("--epochs \(epochs)") }
    if rate != Self.defaultRate { words.append("--dropout \(rate)") }
    return words.joined(separator: " ")
  }
}
