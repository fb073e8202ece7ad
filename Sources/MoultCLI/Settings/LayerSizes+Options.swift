import Moult

extension LayerSizes {
  /// The hidden layer sizes of the default network for images.
  static let articleHiddenSizes = [256, 256]

  /// The default network for MNIST, 784-256-256-10.
  static let article = LayerSizes(inputSize: 784, hiddenSizes: articleHiddenSizes, outputSize: 10)

  /// Throws `.usage` unless a network of these sizes has as many inputs as the data, and an output for each class.
  func requireFitting(inputSize: Int, outputSize: Int) throws(MoultError) {
    let hint = "leave --model out for what suits them"
    guard self.inputSize == inputSize else {
      throw MoultError(
        .usage, "--model \(self): expected \(inputSize) inputs, as the data have, got \(self.inputSize); \(hint)")
    }
    guard self.outputSize >= outputSize else {
      throw MoultError(
        .usage,
        "--model \(self): expected at least \(outputSize) outputs, one per class of the data, got \(self.outputSize); "
          + hint)
    }
  }
}
