/// The settings of the walk: the options that a learner may change, and the constants.
struct ExplainSettings: Equatable {
  /// Decides weights, masks and the order of samples.
  var seed: UInt64 = 0
  /// Digits to train on; few, so that the networks can learn them by heart.
  var images = Self.defaultImages
  /// Passes over them.
  var epochs = Self.defaultEpochs
  /// The rate of the network with dropout.
  var rate = Self.defaultRate

  static let defaultImages = 1_000
  static let defaultEpochs = 40
  static let defaultRate = 0.5
  static let imageLimits = 20...10_000
  static let epochLimits = 1...1_000

  static let learningRate = 0.05
  static let momentum = 0.9
  static let batchSize = 100
  /// Passes of sampling where the network is asked again and again.
  static let passes = 100

  /// Digits that neither network learns from.
  var validationImages: Int { min(2 * images, 2_000) }
  /// Digits that are asked about upright and turned.
  var turnedImages: Int { min(images, 200) }
  /// Masks that means are taken over.
  var draws: Int { 4 * images }

  /// The command that computes the same.
  var command: String {
    var words = ["moult explain --seed \(seed)"]
    if images != Self.defaultImages { words.append("--images \(images)") }
    if epochs != Self.defaultEpochs { words.append("--epochs \(epochs)") }
    if rate != Self.defaultRate { words.append("--dropout \(rate)") }
    return words.joined(separator: " ")
  }
}
