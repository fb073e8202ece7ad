import Moult

extension TrainingJob {
  /// Writes the messages before training.
  func announce(_ folder: RunFolder) throws(MoultError) {
    let (rate, inputRate) = (settings.network.dropout, settings.network.inputDropout)
    let rates = inputRate > 0 ? "\(rate) (inputs \(inputRate))" : "\(rate)"
    common.message("\(source): \(data.sizes)")
    if let table = data.table { for line in TableOverview(table: table).lines { common.message(line) } }
    common.message(
      "network \(layers), \(settings.network.variantName) \(rates), "
        + "\(NumberFormat.grouped(settings.network.parameterCount)) parameters, seed \(seed), "
        + "\(threadCount) thread\(threadCount == 1 ? "" : "s"), "
        + Kernels.instructionSet)
    if common.json {
      try Console.report(
        [
          "schema": 1, "event": "started", "data": .string(source), "model": .string(layers.description),
          "parameters": .integer(settings.network.parameterCount), "epochs": .integer(epochs),
          "steps": .integer(steps), "out": .string(folder.path),
        ])
    }
  }

  /// Writes the result of the run.
  func report(_ outcome: TrainingOutcome, folder: RunFolder) throws(MoultError) {
    let (history, train, test) = (outcome.history, outcome.train, outcome.test)
    if common.json {
      let event = history.interrupted != nil ? "interrupted" : "finished"
      try Console.report(
        .object(
          [.init(key: "schema", value: 1), .init(key: "event", value: .string(event))]
            + EvaluationMetrics.json(train: train, test: test) + [
              .init(key: "baseline", value: data.table == nil ? .null : data.baseline.baselineJSON),
              .init(key: "epochs", value: .integer(history.epochs.count)),
              .init(key: "steps", value: .integer(history.steps)),
              .init(key: "seconds", value: .number(history.seconds)),
              .init(key: "samples_per_second", value: .number(history.samplesPerSecond)),
              .init(key: "out", value: .string(folder.path)),
            ]))
    } else {
      try Console.report(
        "\(EvaluationMetrics.text(train: train, test: test)), "
          + "\(NumberFormat.grouped(history.steps)) steps in \(NumberFormat.fixed(history.seconds, 1)) s")
      if data.table != nil { try Console.report(data.baseline.baselineText) }
      try Console.report("saved in \(folder.path)")
    }
  }

  /// The content of `config.json`: the settings, and facts that follow from them and the data.
  var configuration: JSONOutput {
    .object(
      [.init(key: "schema", value: 2), .init(key: "moult", value: .string(ToolVersion.text))] + settings.json + [
        .init(
          key: "facts",
          value: [
            "train_samples": .integer(data.train.count), "validation_samples": .integer(data.validation.count),
            "test_samples": .integer(data.test.count), "parameters": .integer(settings.network.parameterCount),
          ])
      ])
  }
}
