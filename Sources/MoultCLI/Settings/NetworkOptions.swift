import ArgumentParser
import Moult

/// The options of the network, for `train` and `bench step`.
struct NetworkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Sizes of inputs, hidden layers and outputs; x2 repeats one. Default: the data's inputs, 256x2, its classes.",
      valueName: "sizes"),
    transform: { try LayerSizes($0) })
  var model: LayerSizes?

  @Option(help: ArgumentHelp("Probability of dropping a hidden unit, 0 to 1. Default: 0.5.", valueName: "rate"))
  var dropout: Double?

  @Option(help: ArgumentHelp("Probability of dropping an input, 0 to 1. Default: 0.", valueName: "rate"))
  var inputDropout: Double?

  func validate() throws {
    for (option, rate) in [("dropout", dropout), ("input-dropout", inputDropout)] {
      if let text = rate.flatMap(DropoutRate.optionError) { throw ValidationError("--\(option): \(text)") }
    }
  }

  /// Returns the layer sizes for data with this number of inputs and classes.
  ///
  /// - Throws: `.usage` if the option `--model` does not fit the data.
  func layers(inputSize: Int, classCount: Int) throws(MoultError) -> LayerSizes {
    guard let model else {
      return LayerSizes(inputSize: inputSize, hiddenSizes: LayerSizes.articleHiddenSizes, outputSize: classCount)
    }
    try model.requireFitting(inputSize: inputSize, outputSize: classCount)
    return model
  }
}

extension DropoutRate {
  /// Returns the reason why the value of an option is not a valid rate; nil if it is valid.
  static func optionError(_ rate: Double) -> String? { validationError(rate).map { $0 + ", 0 drops nothing" } }
}
