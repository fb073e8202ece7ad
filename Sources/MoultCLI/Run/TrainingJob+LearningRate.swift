import Moult

extension TrainingJob {
  /// Tests learning rates from small to large, and prints the losses and a suggested learning rate.
  func findLearningRate() throws(MoultError) {
    let trainer = makeTrainer(makeModel(), schedule: nil)
    let search = try LearningRateFinder().run(trainer, data.train, batchSize: batchSize)
    if common.json {
      for point in search.points {
        try Console.result(
          [
            "schema": 1, "event": "learning_rate", "learning_rate": .number(point.learningRate),
            "loss": .number(point.loss), "smoothed_loss": .number(point.smoothedLoss),
          ])
      }
      return try Console.result(
        ["schema": 1, "event": "suggestion", "learning_rate": .optional(search.suggestion)])
    }
    var table = TextTable(header: ["learning rate", "loss", "smoothed"], rightAligned: [0, 1, 2])
    for point in search.points.enumerated() where point.offset.isMultiple(of: max(1, search.points.count / 20)) {
      table.add([
        NumberFormat.significant(point.element.learningRate), NumberFormat.fixed(point.element.loss, 4),
        NumberFormat.fixed(point.element.smoothedLoss, 4),
      ])
    }
    for line in table.lines { try Console.result(line) }
    guard let rate = search.suggestion else {
      return try Console.result("no suggestion: the loss fell nowhere")
    }
    try Console.result(
      "suggestion: --learning-rate \(NumberFormat.significant(rate)), where the loss falls fastest; nothing was written"
    )
  }
}
