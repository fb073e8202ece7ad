/// The study of dropping weights, units or nothing in a network 784-800-800-10.
///
/// - Source: [Wan et al. 2013](https://proceedings.mlr.press/v28/wan13.html), table 2: a single network, without
///   augmentation.
enum WanDropConnect {
  private static let epochs = 100

  static let lines = [
    line("relu-standard", paper: 1.62, .relu, .nothing), line("relu-dropout", paper: 1.28, .relu, .units(0.5)),
    line("relu-dropconnect", paper: 1.20, .relu, .weights(0.5)),
    line("logistic-standard", paper: 1.78, .logistic, .nothing),
    line("logistic-dropout", paper: 1.38, .logistic, .units(0.5)),
    line("logistic-dropconnect", paper: 1.55, .logistic, .weights(0.5)),
    line("tanh-standard", paper: 1.65, .tanh, .nothing), line("tanh-dropout", paper: 1.58, .tanh, .units(0.5)),
    line("tanh-dropconnect", paper: 1.36, .tanh, .weights(0.5)),
  ]

  private static func line(
    _ name: String, paper: Double, _ activation: ClassifierRecipe.Activation, _ dropping: ClassifierRecipe.Dropping
  ) -> ClassifierLine {
    ClassifierLine(
      name, paper: paper,
      ClassifierRecipe(
        hiddenSizes: [800, 800], activation: activation, dropping: dropping, inputRate: 0, length: .epochs(epochs)))
  }
}
