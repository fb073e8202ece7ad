import Moult

/// Every setting of a run, with a value for each that nobody gave: what decides the weights, and nothing that does not.
struct RunSettings {
  let source: String
  /// The share of the training samples that is held out for validation; 0 where the data bring their own.
  let validationShare: Double?
  /// Decides which samples are held out.
  let splitSeed: UInt64
  /// What images of a folder are brought to; nil where they are taken as they are.
  let imageSize: PixelSize?
  /// What was said about a table; nil for data that are none.
  let table: TableOptions?
  /// The share of a table's rows that the finished network is judged by.
  let testShare: Double?
  let network: NetworkSettings
  let optimizer: OptimizerKind
  let learningRate: Double
  let momentum: Double
  let weightDecay: Double
  let schedule: ScheduleKind
  let warmUp: Double
  let labelSmoothing: Double
  let epochs: Int
  let batchSize: Int
  /// Epochs without a better validation loss after which training ends; 0 for never.
  let patience: Int
  let classWeights: ClassWeighting
  let seed: UInt64

  /// Fills in what was left open and checks that all fits together.
  ///
  /// - Parameters:
  ///   - source: What the data are called.
  ///   - problem: The data, which say how many inputs and outputs there are and what suits them.
  /// - Throws: An error of code `.usage` that names the option which will not do.
  init(
    _ given: GivenSettings, source: String, problem: LearningProblem
  ) throws(MoultError) {
    let recipe = problem.recipe
    self.source = source
    table = problem.table == nil ? nil : given.tableOptions
    testShare = table.flatMap { $0.splitColumn == nil ? given.testShare ?? TrainingTable.Shares().test : nil }
    classWeights = given.classWeights ?? .none
    optimizer = given.optimizer ?? recipe.optimizer
    learningRate = given.learningRate ?? optimizer.defaultLearningRate
    momentum = given.momentum ?? OptimizerKind.defaultMomentum
    weightDecay = given.weightDecay ?? optimizer.defaultWeightDecay
    schedule = given.schedule ?? recipe.schedule
    warmUp = given.warmUp ?? 0
    labelSmoothing = given.labelSmoothing ?? 0
    epochs = given.epochs ?? recipe.epochs
    batchSize = given.batchSize ?? recipe.batchSize
    patience = given.patience ?? recipe.patience
    seed = given.seed ?? 0
    splitSeed = given.splitSeed ?? seed
    imageSize = given.imageSize
    // What is chosen by validation must not be chosen by the test part.
    let ownShare = patience > 0 ? max(recipe.validationShare, 0.1) : recipe.validationShare
    // A column that says what each row is for leaves no shares to be said.
    validationShare = table?.splitColumn != nil ? nil : given.validationShare ?? ownShare
    network = NetworkSettings(
      spec: try Self.spec(given.layers, recipe, inputSize: problem.inputSize, outputSize: problem.outputSize),
      dropout: given.dropout ?? given.variant?.defaultRate ?? recipe.dropout, inputDropout: given.inputDropout ?? 0,
      maxNorm: given.maxNorm, variant: given.variant, embeddings: problem.embeddings)
    try check(given, problem)
  }

  /// The network for data with that many inputs and outputs.
  private static func spec(
    _ given: ModelSpec?, _ recipe: Recipe, inputSize: Int, outputSize: Int
  ) throws(MoultError) -> ModelSpec {
    guard let given else {
      return ModelSpec(inputSize: inputSize, hiddenSizes: recipe.hiddenSizes, outputSize: outputSize)
    }
    try given.requireFitting(inputSize: inputSize, outputSize: outputSize)
    return given
  }

  private func check(_ given: GivenSettings, _ problem: LearningProblem) throws(MoultError) {
    func refuse(_ option: String, _ text: String) -> MoultError { MoultError(.usage, "--\(option): \(text)") }
    if case .regression = problem.task {
      if network.spec.outputSize != 1 {
        throw refuse("model \(network.spec)", "expected one output for a quantity, got \(network.spec.outputSize)")
      }
      if classWeights != .none { throw refuse("class-weights", "expected for classes only, got a quantity to predict") }
      if labelSmoothing > 0 { throw refuse("label-smoothing", "expected for classes only, got a quantity to predict") }
      if case .loss = network.variant?.place {
        throw refuse(
          "variant", "expected another than \(network.variantName) for a quantity: its loss is one of classes")
      }
    }
    if case .loss = network.variant?.place, classWeights != .none {
      throw refuse("class-weights", "expected without --variant \(network.variantName), which is a loss itself")
    }
    if patience > 0, problem.isValidatedOnTest, validationShare == 0 {
      throw refuse(
        "validation-share",
        "expected more than 0 with --patience, which must not choose the weights by the test part; "
          + "leave it out for 0.1")
    }
    if let objection = network.objection { throw refuse(objection.option, objection.text) }
    if given.momentum != nil, optimizer != .sgd {
      throw refuse(
        "momentum", "expected with --optimizer sgd only, got --optimizer \(optimizer.rawValue); leave it out")
    }
    guard warmUp < Double(epochs) else {
      throw refuse("warm-up", "expected fewer than the \(epochs) epochs of training, got \(warmUp)")
    }
    if case .loss = network.variant?.place, labelSmoothing > 0 {
      throw refuse(
        "label-smoothing", "expected without --variant \(network.variantName), which is a loss itself")
    }
  }

  /// The settings as `config.json` has them: sections in the order of `Setting.all`.
  var json: [JSONOutput.Member] {
    var sections: [(name: String, members: [JSONOutput.Member])] = []
    for setting in Setting.all {
      let parts = setting.key.split(separator: ".", maxSplits: 1).map(String.init)
      let member = JSONOutput.Member(key: parts[parts.count - 1], value: setting.json(self))
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

extension RunSettings {
  func makeOptimizer(_ parameters: [Parameter]) -> any Optimizer {
    optimizer.make(parameters, learningRate: learningRate, momentum: momentum, weightDecay: weightDecay)
  }

  /// The course of the learning rate over the whole run.
  func makeSchedule(stepsPerEpoch: Int) -> any Schedule {
    let warmUpSteps = Int((warmUp * Double(stepsPerEpoch)).rounded())
    let steps = max(1, epochs * stepsPerEpoch - warmUpSteps)
    let main: any Schedule =
      switch schedule {
      case .constant: ConstantSchedule(learningRate)
      case .step: StepSchedule(learningRate, every: (steps + 2) / 3)
      case .cosine: CosineSchedule(learningRate, over: steps)
      }
    return warmUpSteps > 0 ? WarmUp(steps: warmUpSteps, then: main) : main
  }
}
