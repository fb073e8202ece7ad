import Moult

extension TrainingJob {
  /// The duration of the trial steps, in seconds.
  private static let trialSeconds = 0.5

  /// Prints shapes, numbers of parameters, memory, and the estimated time. The time is estimated by training a network,
  /// which is discarded, for some steps.
  func dryRun() throws(MoultError) {
    let (tried, seconds) = try trial()
    let total = Double(steps) * seconds / Double(tried)
    if common.json {
      return try Console.result(
        .object(
          [
            .init(key: "schema", value: 1), .init(key: "event", value: "dry_run"),
            .init(key: "layers", value: .array(rows.map(\.json))),
            .init(key: "parameters", value: .integer(settings.network.parameterCount)),
            .init(key: "parameter_bytes", value: .integer(memory.parameterBytes)),
            .init(key: "batch_bytes", value: .integer(memory.batchBytes)),
            .init(key: "data_bytes", value: .integer(data.byteCount)),
            .init(key: "steps", value: .integer(steps)),
            .init(key: "estimated_seconds", value: .number(total)),
          ]))
    }
    try Console.result("\(source): \(data.sizes)")
    var table = TextTable(header: ["layer", "shape", "parameters"], rightAligned: [2])
    for layer in rows { table.add([layer.name, layer.shape, NumberFormat.grouped(layer.parameters)]) }
    for line in table.lines { try Console.result(line) }
    func mebibytes(_ count: Int) -> String { NumberFormat.fixed(Double(count) / Double(1 << 20), 1) + " MiB" }
    try Console.result(
      "memory: weights, gradients and optimizer \(mebibytes(memory.parameterBytes)), a batch of "
        + "\(min(batchSize, data.train.count)) \(mebibytes(memory.batchBytes)), data \(mebibytes(data.byteCount))"
    )
    try Console.result(
      "time: \(NumberFormat.grouped(steps)) steps, about \(NumberFormat.clock(total)) by "
        + "\(tried) steps tried now (\(NumberFormat.significant(seconds / Double(tried) * 1e3)) ms each), "
        + "validation not counted"
    )
    try Console.result("nothing was written")
  }

  private struct Layer {
    let name, shape: String
    let parameters: Int

    var json: JSONOutput {
      ["name": .string(name), "shape": .string(shape), "parameters": .integer(parameters)]
    }
  }

  private var rows: [Layer] {
    embeddings + connected
  }

  private var embeddings: [Layer] {
    guard let sizes = settings.network.embeddings else { return [] }
    return zip(sizes.rowCounts, sizes.vectorSizes).enumerated().map { index, sizes in
      Layer(
        name: "embedding \(index + 1)", shape: "[N] -> [N, \(sizes.1)]", parameters: sizes.0 * sizes.1)
    }
  }

  private var connected: [Layer] {
    zip(layers.sizes, layers.sizes.dropFirst()).enumerated().map { index, sizes in
      Layer(
        name: index == layers.sizes.count - 2 ? "output" : "hidden \(index + 1)",
        shape: "[N, \(sizes.0)] -> [N, \(sizes.1)]",
        parameters: sizes.0 * sizes.1 + sizes.1)
    }
  }

  /// Trains a separate network for some steps. Returns their number and duration.
  private func trial() throws(MoultError) -> (steps: Int, seconds: Double) {
    let stopSignal = StopSignal()
    let trainer = makeTrainer(
      makeModel(), schedule: settings.makeSchedule(stepsPerEpoch: stepsPerEpoch),
      callbacks: [TimeLimit(seconds: Self.trialSeconds, stopSignal)], stopSignal: stopSignal)
    let history = try trainer.fit(data.train, epochs: epochs, batchSize: batchSize)
    return (history.steps, history.seconds)
  }
}

extension TrainingData {
  /// The size of the samples in memory, in bytes.
  fileprivate var byteCount: Int {
    let parts = isValidatedOnTest ? [train, test] : [train, validation, test]
    return parts.reduce(0) { sum, part in
      sum + [part.storedInputs, part.labels].reduce(0) { $0 + $1.count * $1.dtype.byteCount }
    }
  }
}
