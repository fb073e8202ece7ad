import Moult

/// Trains a study's classifier, from the start or from the checkpoint of an interrupted training.
struct ClassifierTraining {
  let recipe: ClassifierRecipe
  let data: TensorDataset
  let seed: UInt64
  /// The number of classes.
  static let classCount = 10

  /// A trained network, with the number of steps and the time that training took.
  struct Outcome {
    let model: Sequential
    let steps: Int
    let seconds: Double
  }

  /// Trains the network to the end.
  ///
  /// - Parameters:
  ///   - name: The name of the training in messages.
  ///   - checkpoint: The path of the checkpoint file.
  ///   - notebook: The notebook of the study, with its stop signal.
  /// - Throws: An error of code `.interrupted` if a signal stops training; the state is saved first.
  func run(_ name: String, checkpoint: String, in notebook: StudyNotebook) throws -> Outcome {
    let model = withSeed(seed) { recipe.makeNetwork(classCount: Self.classCount) }
    let optimizer = SGD(model.parameters(), learningRate: recipe.learningRate, momentum: recipe.momentum)
    let batchSize = min(recipe.batchSize, data.count)
    let epochs = recipe.length.epochs(samples: data.count, batchSize: batchSize)
    let saved = EpochCheckpoint(
      path: checkpoint, identity: "\(name): \(recipe); \(notebook.data); \(ToolVersion.text)",
      name: name,
      epochs: epochs, interval: notebook.checkpointInterval, message: notebook.message)
    let trainer = Trainer(
      model, optimizer: optimizer, loss: { crossEntropy($0, $1) }, seed: seed,
      schedule: recipe.schedule(stepsPerEpoch: (data.count - 1) / batchSize + 1, epochs: epochs),
      callbacks: [saved], stopSignal: notebook.stopSignal)
    try saved.restore(trainer)
    if trainer.completedEpochs < epochs {
      let history = try trainer.fit(data, epochs: epochs - trainer.completedEpochs, batchSize: batchSize)
      if let signal = history.interrupted { throw MoultError(.interrupted(signal: signal), "interrupted") }
    }
    return Outcome(model: model, steps: trainer.completedSteps, seconds: saved.seconds)
  }

  /// Returns the percentage of wrong predictions, with dropout off.
  static func errorPercentage(of model: Sequential, on test: TensorDataset) throws(MoultError) -> Double {
    guard let error = model.evaluate(on: test, loss: { crossEntropy($0, $1) }).error else {
      throw MoultError(.badData, "expected test images with classes 0 to \(classCount - 1)")
    }
    return error * 100
  }
}
