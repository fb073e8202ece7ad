import Moult

extension LayerSizes {
  /// The hidden layers of the article by Srivastava et al. for MNIST.
  static let articleHiddenSizes = [256, 256]

  /// The network of that article.
  static let article = LayerSizes(inputSize: 784, hiddenSizes: articleHiddenSizes, outputSize: 10)

  /// Throws unless a network of these sizes takes the inputs of the data and has an output for each class.
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
