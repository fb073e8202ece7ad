import Moult

/// All settings of a run that affect the weights: the overrides, and defaults for the others.
///
///     settings[\.recipe.epochs]
struct RunSettings {
  /// The values of the settings; nil for a setting that does not apply to the data.
  let values: TrainingOptions
  /// The network that the settings describe.
  let network: ModelSpec

  /// The value of a setting that every run has.
  subscript<Value>(path: KeyPath<TrainingOptions, Value?>) -> Value {
    guard let value = values[keyPath: path] else { fatalError("RunSettings: expected a value for \(path), got none") }
    return value
  }

  /// Adds the defaults to the overrides and checks the result.
  ///
  /// - Parameters:
  ///   - overrides: The settings that the user specified.
  ///   - data: The data, which determine the numbers of inputs and outputs and the defaults.
  /// - Throws: An error of code `.usage` that names the option that does not fit.
  init(_ overrides: TrainingOptions, data: TrainingData) throws(MoultError) {
    var values = data.recipe.defaults
    values.add(overrides)
    values.addDefaults(after: overrides, data)
    network = ModelSpec(
      try Self.layers(overrides.network.model, data), dropout: values.network.dropout ?? ModelSpec.defaultDropout,
      inputDropout: values.network.inputDropout ?? 0, maxNorm: values.recipe.maxNorm, variant: overrides.variant,
      embeddings: data.embeddings)
    values.network.model = network.layers
    self.values = values
    try check(overrides, data)
  }

  /// Returns the layer sizes for the inputs and outputs of the data.
  private static func layers(_ override: LayerSizes?, _ data: TrainingData) throws(MoultError) -> LayerSizes {
    guard let override else {
      return LayerSizes(
        inputSize: data.inputSize, hiddenSizes: data.recipe.hiddenSizes, outputSize: data.outputSize)
    }
    try override.requireFitting(inputSize: data.inputSize, outputSize: data.outputSize)
    return override
  }

  /// The settings as in `config.json`, in sections and in the order of `Setting.all`.
  var json: [JSONOutput.Member] {
    var sections: [(name: String, members: [JSONOutput.Member])] = []
    for setting in Setting.all {
      let parts = setting.key.split(separator: ".", maxSplits: 1).map(String.init)
      let member = JSONOutput.Member(key: parts[parts.count - 1], value: setting.json(values))
      let section = parts.count > 1 ? parts[0] : ""
      if let last = sections.indices.last, sections[last].name == section {
        sections[last].members.append(member)
      } else {
        sections.append((section, [member]))
      }
    }
    return sections.flatMap { section in
      section.name.isEmpty
        ? section.members : [JSONOutput.Member(key: section.name, value: .object(section.members))]
    }
  }
}

extension TrainingOptions {
  /// Adds the defaults that depend on other settings.
  ///
  /// - Parameters:
  ///   - overrides: The settings that the user specified.
  ///   - data: The data of the run.
  fileprivate mutating func addDefaults(after overrides: TrainingOptions, _ data: TrainingData) {
    network.dropout = overrides.network.dropout ?? variant?.defaultRate ?? network.dropout
    variant = variant ?? DropoutVariant.all.first { $0.name == DropoutVariant.plainName }
    let optimizer = recipe.optimizer ?? .sgd
    recipe.learningRate = recipe.learningRate ?? optimizer.defaultLearningRate
    recipe.momentum = optimizer == .sgd ? recipe.momentum ?? OptimizerKind.defaultMomentum : nil
    recipe.weightDecay = recipe.weightDecay ?? optimizer.defaultWeightDecay
    settings.splitSeed = settings.splitSeed ?? seed
    if overrides.settings.validationFraction == nil, let patience = recipe.patience, patience > 0 {
      // Early stopping chooses weights by the validation loss, so the test part must not be the validation part.
      settings.validationFraction = max(settings.validationFraction ?? 0, 0.1)
    }
    guard data.table != nil else {
      table = Self.none.table
      return
    }
    for list in [\TableChoices.categorical, \.numeric, \.ignore] where table[keyPath: list].isEmpty {
      table[keyPath: list] = [[]]
    }
    // With a split column, the fractions of validation and test rows are not settings.
    if table.splitColumn != nil { (settings.validationFraction, table.testFraction) = (nil, nil) }
  }
}

extension RunSettings {
  func makeOptimizer(_ parameters: [Parameter]) -> any Optimizer {
    self[\.recipe.optimizer].make(
      parameters, learningRate: self[\.recipe.learningRate], momentum: values.recipe.momentum ?? 0,
      weightDecay: self[\.recipe.weightDecay])
  }

  /// Returns the learning-rate schedule of the whole run.
  func makeSchedule(stepsPerEpoch: Int) -> any Schedule {
    let learningRate = self[\.recipe.learningRate]
    let warmUpSteps = Int((self[\.recipe.warmUp] * Double(stepsPerEpoch)).rounded())
    let steps = max(1, self[\.recipe.epochs] * stepsPerEpoch - warmUpSteps)
    let main: any Schedule =
      switch self[\.recipe.schedule] {
      case .constant: ConstantSchedule(learningRate)
      case .step: StepSchedule(learningRate, every: (steps + 2) / 3)
      case .cosine: CosineSchedule(learningRate, over: steps)
      }
    return warmUpSteps > 0 ? WarmUp(steps: warmUpSteps, then: main) : main
  }
}
