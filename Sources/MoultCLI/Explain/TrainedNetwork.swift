import Moult

/// A network that was trained on a lesson's digits, with its losses during training.
struct TrainedNetwork {
  let model: MLP
  /// The weights of the first layer before training, `[units, pixels]`.
  let firstWeights: Tensor
  /// The losses and accuracies after each epoch.
  let curve: [Point]
  /// Whether the network classifies each validation digit correctly, with dropout off.
  let isRight: [Bool]

  /// The losses and accuracies after an epoch, on training and validation digits. Dropout is off for both, so that they
  /// are comparable.
  struct Point: Equatable {
    let trainLoss, validationLoss: Double
    let trainAccuracy, validationAccuracy: Double

    var gap: Double { validationLoss - trainLoss }
  }

  init(
    rate: Double, _ settings: ExplainSettings, training: TensorDataset, validation: TensorDataset
  ) throws(MoultError) {
    let model = withSeed(settings.seed) { MLP(ModelSpec(.article, dropout: rate)) }
    self.model = model
    firstWeights = Self.firstLayer(of: model)
    let trainer = Trainer(
      model,
      optimizer: SGD(
        model.parameters(), learningRate: ExplainSettings.learningRate, momentum: ExplainSettings.momentum),
      loss: { crossEntropy($0, $1) }, seed: settings.seed)
    var curve: [Point] = []
    for _ in 0..<settings.epochs {
      try trainer.fit(training, epochs: 1, batchSize: min(ExplainSettings.batchSize, training.count))
      let train = model.evaluate(on: training) { crossEntropy($0, $1) }
      let held = model.evaluate(on: validation) { crossEntropy($0, $1) }
      curve.append(
        Point(
          trainLoss: train.loss, validationLoss: held.loss, trainAccuracy: train.accuracy ?? 0,
          validationAccuracy: held.accuracy ?? 0))
    }
    self.curve = curve
    let predictions = model.evaluating {
      withGradients(false) { model(validation.inputs).argmax(axis: 1).scalars(as: Int64.self) }
    }
    isRight = zip(predictions, validation.labels.scalars(as: Int64.self)).map { $0 == $1 }
  }

  /// The current weights of the first layer, `[units, pixels]`.
  var weights: Tensor { Self.firstLayer(of: model) }

  private static func firstLayer(of model: MLP) -> Tensor {
    model.hiddenLayers[0].parameters()[0].value.detached()
  }

  /// Returns the class probabilities of `inputs` in evaluation mode, `[N, K]`.
  func evaluated(_ inputs: Tensor) -> Tensor {
    model.evaluating { withGradients(false) { softmax(model(inputs)) } }
  }
}
