import Moult

extension RunSettings {
  /// Throws `.usage` unless the settings are consistent and fit the data.
  func check(_ overrides: TrainingOptions, _ data: TrainingData) throws(MoultError) {
    if data.target.task == .regression { try checkRegression() }
    if isLoss, self[\.recipe.classWeights] != .none {
      throw refuse("class-weights", "expected without --variant \(network.variantName), which is a loss itself")
    }
    if self[\.recipe.patience] > 0, data.isValidatedOnTest, values.settings.validationFraction == 0 {
      throw refuse(
        "validation-share",
        "expected more than 0 with --patience, which must not choose the weights by the test part; "
          + "leave it out for 0.1")
    }
    if let error = network.validationError { throw error.optionError }
    if overrides.recipe.momentum != nil, self[\.recipe.optimizer] != .sgd {
      throw refuse(
        "momentum",
        "expected with --optimizer sgd only, got --optimizer \(self[\.recipe.optimizer].rawValue); leave it out")
    }
    guard self[\.recipe.warmUp] < Double(self[\.recipe.epochs]) else {
      throw refuse(
        "warm-up",
        "expected fewer than the \(self[\.recipe.epochs]) epochs of training, got \(self[\.recipe.warmUp])")
    }
    if isLoss, self[\.recipe.labelSmoothing] > 0 {
      throw refuse("label-smoothing", "expected without --variant \(network.variantName), which is a loss itself")
    }
  }

  private func checkRegression() throws(MoultError) {
    if network.layers.outputSize != 1 {
      throw refuse(
        "model \(network.layers)", "expected one output for a number, got \(network.layers.outputSize)")
    }
    if self[\.recipe.classWeights] != .none {
      throw refuse("class-weights", "expected for classes only, got a number to predict")
    }
    if self[\.recipe.labelSmoothing] > 0 {
      throw refuse("label-smoothing", "expected for classes only, got a number to predict")
    }
    if isLoss {
      throw refuse(
        "variant", "expected another than \(network.variantName) for a number: its loss is one of classes")
    }
  }

  /// Whether the dropout variant is a loss.
  private var isLoss: Bool {
    if case .loss = network.variant?.place { return true }
    return false
  }

  private func refuse(_ option: String, _ text: String) -> MoultError { MoultError(.usage, "--\(option): \(text)") }
}
