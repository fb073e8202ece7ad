import ArgumentParser
import Moult

/// The network, as `train` and `bench step` take it.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Sizes of inputs, hidden layers and outputs; x2 repeats one. Default: the data's inputs, 256x2, its classes.",
      valueName: "sizes"),
    transform: { try ModelSpec($0) })
  var model: ModelSpec?

  @Option(
    name: .customLong("dropout"),
    help: ArgumentHelp("Probability of dropping a hidden unit, 0 to 1. Default: 0.5.", valueName: "rate"))
  var givenDropout: Double?

  var dropout: Double { givenDropout ?? Self.defaultDropout }
  static let defaultDropout = 0.5

  @Option(
    name: .customLong("input-dropout"),
    help: ArgumentHelp("Probability of dropping an input, 0 to 1. Default: 0.", valueName: "rate"))
  var givenInputDropout: Double?

  var inputDropout: Double { givenInputDropout ?? 0 }

  /// The article's hidden layers.
  static let defaultHiddenSizes = [256, 256]

  func validate() throws {
    let hint = "it is the probability of dropping, 0 drops nothing"
    try expect((0...1).contains(dropout), "dropout", "a rate in 0...1", got: dropout, hint: hint)
    try expect((0...1).contains(inputDropout), "input-dropout", "a rate in 0...1", got: inputDropout, hint: hint)
  }

  /// The network for data with that many inputs and classes.
  func spec(inputSize: Int, classCount: Int) throws(MoultError) -> ModelSpec {
    guard let model else {
      return ModelSpec(inputSize: inputSize, hiddenSizes: Self.defaultHiddenSizes, outputSize: classCount)
    }
    try model.requireFitting(inputSize: inputSize, outputSize: classCount)
    return model
  }
}
