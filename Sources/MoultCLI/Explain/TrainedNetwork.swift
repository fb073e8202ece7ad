import Moult

/// A network that has learned a lesson's digits, and how that went.
struct TrainedNetwork {
  let model: MLP
  /// The weights of the first layer before training, `[units, pixels]`.
  let firstWeights: Tensor
  /// One entry per epoch.
  let curve: [Point]
  /// Whether the network predicts the class of each validation digit, dropout off.
  let isRight: [Bool]

  /// Both losses after an epoch, dropout off for both, so that they can be compared.
  struct Point: Equatable {
    let trainLoss, validationLoss: Double
    let trainAccuracy, validationAccuracy: Double

    var gap: Double { validationLoss - trainLoss }
  }

  init(
    rate: Double, _ settings: ExplainSettings, training: Dataset, validation: Dataset
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

  /// The weights of the first layer now, `[units, pixels]`.
  var weights: Tensor { Self.firstLayer(of: model) }

  private static func firstLayer(of model: MLP) -> Tensor {
    model.hiddenLayers[0].parameters()[0].value.detached()
  }

  /// The class probabilities of `inputs` in evaluation, `[N, K]`.
  func evaluated(_ inputs: Tensor) -> Tensor {
    model.evaluating { withGradients(false) { softmax(model(inputs)) } }
  }
}
