import Moult

extension Setting {
  private static let rateHint = "it is the probability of dropping, 0 drops nothing"

  private static func isPositive(_ value: Double) -> Bool { value > 0 && value.isFinite }
  private static func isNotNegative(_ value: Double) -> Bool { value >= 0 && value.isFinite }
  private static func isShare(_ value: Double) -> Bool { (0..<1).contains(value) }

  /// Every setting, in the order in which `config.json` has them.
  static var all: [Setting] { data + table + model + training + [seed("seed", "seed", \.seed) { .unsigned($0.seed) }] }

  private static var data: [Setting] {
    [
      text("data.source", "data", \.source, "the name of data", parse: { $0 }) { .string($0.source) },
      number(
        "data.validation_share", "validation-share", \.validationShare, "0 or more and less than 1", where: isShare
      ) { .optional($0.validationShare) },
      seed("data.split_seed", "split-seed", \.splitSeed) { .unsigned($0.splitSeed) },
      text("data.image_size", "image-size", \.imageSize, "a size like 28x28", parse: { try PixelSize(option: $0) }) {
        $0.imageSize.map { .string($0.description) } ?? .null
      },
    ]
  }

  /// Those that speak of a table.
  static var table: [Setting] {
    [
      text("data.target", "target", \.target, "the name of a column", parse: { $0 }) { .optional($0.table?.target) },
      choice("data.task", "task", \.task) { .optional($0.table?.task?.rawValue) },
      names("data.categorical", "categorical", \.categorical) { .names($0.table?.categorical) },
      names("data.numeric", "numeric", \.numeric) { .names($0.table?.numeric) },
      names("data.ignore", "ignore", \.ignored) { .names($0.table?.ignored) },
      text("data.split_column", "split-column", \.splitColumn, "the name of a column", parse: { $0 }) {
        .optional($0.table?.splitColumn)
      },
      number("data.test_share", "test-share", \.testShare, "more than 0 and less than 1", where: { $0 > 0 && $0 < 1 }) {
        .optional($0.testShare)
      },
      choice("data.delimiter", "delimiter", \.delimiter) {
        .optional($0.table?.delimiter.map { DelimiterName($0).rawValue })
      },
    ]
  }

  private static var model: [Setting] {
    [
      text("model.layers", "model", \.layers, "sizes like 784-256x2-10", parse: { try ModelSpec($0) }) {
        .string($0.network.spec.description)
      },
      text("model.variant", "variant", \.variant, "the name of a variant", parse: { try DropoutVariant(named: $0) }) {
        .string($0.network.variantName)
      },
      number("model.dropout", "dropout", \.dropout, "a rate in 0...1", hint: rateHint, where: { (0...1).contains($0) })
      {
        .number($0.network.dropout)
      },
      number(
        "model.input_dropout", "input-dropout", \.inputDropout, "a rate in 0...1", hint: rateHint,
        where: { (0...1).contains($0) }
      ) { .number($0.network.inputDropout) },
      number("model.max_norm", "max-norm", \.maxNorm, "a positive number", where: isPositive) {
        .optional($0.network.maxNorm)
      },
    ]
  }

  private static var training: [Setting] {
    [
      choice("training.optimizer", "optimizer", \.optimizer) { .string($0.optimizer.rawValue) },
      number("training.learning_rate", "learning-rate", \.learningRate, "a positive number", where: isPositive) {
        .number($0.learningRate)
      },
      number("training.momentum", "momentum", \.momentum, "0 or more and less than 1", where: isShare) {
        .optional($0.optimizer == .sgd ? $0.momentum : nil)
      },
      number("training.weight_decay", "weight-decay", \.weightDecay, "0 or more", where: isNotNegative) {
        .number($0.weightDecay)
      },
      choice("training.schedule", "schedule", \.schedule) { .string($0.schedule.rawValue) },
      number("training.warm_up_epochs", "warm-up", \.warmUp, "0 or more epochs", where: isNotNegative) {
        .number($0.warmUp)
      },
      number(
        "training.label_smoothing", "label-smoothing", \.labelSmoothing, "0 or more and less than 1", where: isShare
      ) {
        .number($0.labelSmoothing)
      },
      count("training.epochs", "epochs", \.epochs, "1 to 1000000", in: 1...1_000_000) { .integer($0.epochs) },
      count("training.batch_size", "batch-size", \.batchSize, "1 or more", in: 1...100_000_000) {
        .integer($0.batchSize)
      },
      count("training.patience", "patience", \.patience, "0 (never stop early) to 1000000 epochs", in: 0...1_000_000) {
        .integer($0.patience)
      },
      choice("training.class_weights", "class-weights", \.classWeights) { .string($0.classWeights.rawValue) },
    ]
  }
}

extension JSONOutput {
  /// A text, or null for nil.
  static func optional(_ text: String?) -> JSONOutput { text.map { .string($0) } ?? .null }

  /// A list of texts, or null for nil.
  fileprivate static func names(_ names: [String]?) -> JSONOutput {
    names.map { .array($0.map { .string($0) }) } ?? .null
  }
}
