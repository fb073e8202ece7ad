import Moult

extension Setting {
  private static func isPositive(_ value: Double) -> Bool { value > 0 && value.isFinite }
  private static func isNotNegative(_ value: Double) -> Bool { value >= 0 && value.isFinite }
  private static func isFraction(_ value: Double) -> Bool { (0..<1).contains(value) }

  /// All settings, in the order of `config.json`.
  static var all: [Setting] { data + table + model + training + [seed("seed", "seed", \.seed)] }

  private static var data: [Setting] {
    [
      text("data.source", "data", \.data, "the name of data", parse: { $0 }, text: { $0 }),
      number(
        "data.validation_share", "validation-share", \.settings.validationFraction, "0 or more and less than 1",
        where: isFraction),
      seed("data.split_seed", "split-seed", \.settings.splitSeed),
      text(
        "data.image_size", "image-size", \.settings.imageSize, "a size like 28x28",
        parse: { try PixelSize(option: $0) }, text: \.description),
    ]
  }

  /// The settings that apply to tables only.
  static var table: [Setting] {
    [
      text("data.target", "target", \.table.target, "the name of a column", parse: { $0 }, text: { $0 }),
      choice("data.task", "task", \.table.task, among: LearningTask.ofTables),
      names("data.categorical", "categorical", \.table.categorical),
      names("data.numeric", "numeric", \.table.numeric),
      names("data.ignore", "ignore", \.table.ignore),
      text(
        "data.split_column", "split-column", \.table.splitColumn, "the name of a column", parse: { $0 }, text: { $0 }),
      number(
        "data.test_share", "test-share", \.table.testFraction, "more than 0 and less than 1",
        where: { $0 > 0 && $0 < 1 }),
      choice("data.delimiter", "delimiter", \.table.delimiter),
    ]
  }

  private static var model: [Setting] {
    [
      text(
        "model.layers", "model", \.network.model, "sizes like 784-256x2-10", parse: { try LayerSizes($0) },
        text: \.description),
      text(
        "model.variant", "variant", \.variant, "the name of a variant", parse: { try DropoutVariant.option($0) },
        text: \.name),
      number("model.dropout", "dropout", \.network.dropout, limits: DropoutRate.optionError),
      number("model.input_dropout", "input-dropout", \.network.inputDropout, limits: DropoutRate.optionError),
      number("model.max_norm", "max-norm", \.recipe.maxNorm, "a positive number", where: isPositive),
    ]
  }

  private static var training: [Setting] {
    [
      choice("training.optimizer", "optimizer", \.recipe.optimizer),
      number(
        "training.learning_rate", "learning-rate", \.recipe.learningRate, "a positive number", where: isPositive),
      number("training.momentum", "momentum", \.recipe.momentum, "0 or more and less than 1", where: isFraction),
      number("training.weight_decay", "weight-decay", \.recipe.weightDecay, "0 or more", where: isNotNegative),
      choice("training.schedule", "schedule", \.recipe.schedule),
      number("training.warm_up_epochs", "warm-up", \.recipe.warmUp, "0 or more epochs", where: isNotNegative),
      number(
        "training.label_smoothing", "label-smoothing", \.recipe.labelSmoothing, "0 or more and less than 1",
        where: isFraction),
      count("training.epochs", "epochs", \.recipe.epochs, "1 to 1000000", in: 1...1_000_000),
      count("training.batch_size", "batch-size", \.recipe.batchSize, "1 or more", in: 1...100_000_000),
      count(
        "training.patience", "patience", \.recipe.patience, "0 (never stop early) to 1000000 epochs",
        in: 0...1_000_000),
      choice("training.class_weights", "class-weights", \.recipe.classWeights),
    ]
  }
}
