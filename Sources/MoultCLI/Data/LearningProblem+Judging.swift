import Moult

extension LearningProblem {
  /// The loss that training minimizes; without smoothing it is what validation reports.
  ///
  /// - Parameter weighting: How much samples of each class count; validation counts all the same.
  func loss(labelSmoothing: Double = 0, weighting: ClassWeighting = .none) -> (Tensor, Tensor) -> Tensor {
    switch (task, weighting) {
    case (.classification, .balanced):
      // Networks may have more outputs than there are classes.
      let weights = train.balancedClassWeights(classCount: outputSize)
      return { logits, labels in
        let spare = [Double](repeating: 1, count: logits.shape[1] - weights.count)
        return crossEntropy(logits, labels, classWeights: weights + spare, labelSmoothing: labelSmoothing)
      }
    case (.classification, .none): return { crossEntropy($0, $1, labelSmoothing: labelSmoothing) }
    case (.regression, _): return { meanSquaredError($0, $1) }
    }
  }

  /// How many samples each part has, in words.
  var sizes: String {
    let (train, test) = (NumberFormat.grouped(train.count), NumberFormat.grouped(test.count))
    if isValidatedOnTest { return "\(train) training and \(test) test samples" }
    return "\(train) training, \(NumberFormat.grouped(validation.count)) validation and \(test) test samples"
  }

  /// Training samples that are also looked at in evaluation mode after every epoch: as many as there are validation samples,
  /// so that the two losses may be subtracted.
  ///
  /// They are drawn, as data may come class by class.
  var gapSamples: Dataset { train.drawn(validation.count) }

  /// The error of each sample: 0 or 1 for classes, the squared error of a standardized quantity.
  func errors(of model: MLP, on data: Dataset) -> [Double] {
    model.evaluating {
      withGradients(false) {
        data.batches(of: 1_000).flatMap { batch -> [Double] in
          let outputs = model(batch.inputs)
          guard case .classification = task else {
            return zip(outputs.scalars(as: Double.self), batch.labels.scalars(as: Double.self))
              .map { ($0 - $1) * ($0 - $1) }
          }
          let answers = outputs.argmax(axis: 1).scalars(as: Int64.self), labels = batch.labels.scalars(as: Int64.self)
          return zip(answers, labels).map { $0 == $1 ? 0 : 1 }
        }
      }
    }
  }

  /// How a network does on samples of the problem.
  func judgement(of model: MLP, on data: Dataset) -> Judgement {
    let evaluation = model.evaluate(on: data, loss: loss())
    guard case .regression(_, _, let deviation) = task else {
      return Judgement(loss: evaluation.loss, figures: .classes(error: evaluation.error ?? .nan))
    }
    let (absolute, spread) = model.absoluteErrorAndSpread(on: data)
    return Judgement(
      loss: evaluation.loss,
      figures: .quantity(
        rootMeanSquare: evaluation.loss.squareRoot() * deviation, meanAbsolute: absolute * deviation,
        explained: spread > 0 ? 1 - evaluation.loss / spread : 0))
  }
}

extension MLP {
  /// The mean distance of the outputs from the labels, and the variance of the labels.
  fileprivate func absoluteErrorAndSpread(on data: Dataset) -> (absolute: Double, spread: Double) {
    var absolute = 0.0
    evaluating {
      withGradients(false) {
        for batch in data.batches(of: 1_000) {
          let outputs = self(batch.inputs).scalars(as: Double.self), labels = batch.labels.scalars(as: Double.self)
          absolute += zip(outputs, labels).reduce(0) { $0 + abs($1.0 - $1.1) }
        }
      }
    }
    let labels = data.labels.scalars(as: Double.self), count = Double(max(1, labels.count))
    let mean = labels.reduce(0, +) / count
    return (absolute / count, labels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count)
  }
}

/// How a network does on a part of the data.
struct Judgement {
  /// The mean loss, without smoothing, of standardized quantities.
  let loss: Double
  let figures: Figures

  enum Figures {
    case classes(error: Double)
    /// Errors in the unit of the quantity, and the share of its variance that is explained (R²).
    case quantity(rootMeanSquare: Double, meanAbsolute: Double, explained: Double)
  }

  /// Both parts in a line for people.
  static func text(train: Judgement, test: Judgement) -> String {
    switch (train.figures, test.figures) {
    case (.classes(let train), .classes(let test)):
      "test accuracy \(NumberFormat.percent(1 - test)), training accuracy \(NumberFormat.percent(1 - train))"
    case (.quantity(let train, _, _), .quantity(let test, let absolute, let explained)):
      "test RMSE \(NumberFormat.significant(test)), mean absolute error \(NumberFormat.significant(absolute)), "
        + "R² \(NumberFormat.fixed(explained, 3)), training RMSE \(NumberFormat.significant(train))"
    default: ""
    }
  }

  /// Both parts as members of the last JSON line.
  static func json(train: Judgement, test: Judgement) -> [JSONOutput.Member] {
    let losses: [JSONOutput.Member] = [
      .init(key: "test_loss", value: .number(test.loss)), .init(key: "train_loss", value: .number(train.loss)),
    ]
    switch (train.figures, test.figures) {
    case (.classes(let train), .classes(let test)):
      return [
        .init(key: "test_error", value: .number(test)), .init(key: "test_accuracy", value: .number(1 - test)),
        .init(key: "train_accuracy", value: .number(1 - train)),
      ] + losses
    case (.quantity(let train, _, _), .quantity(let test, let absolute, let explained)):
      return [
        .init(key: "test_rmse", value: .number(test)), .init(key: "test_mae", value: .number(absolute)),
        .init(key: "test_r2", value: .number(explained)), .init(key: "train_rmse", value: .number(train)),
      ] + losses
    default: return losses
    }
  }
}

extension Dataset {
  /// At most `count` samples drawn at random, always the same ones, in their order.
  func drawn(_ count: Int) -> Dataset {
    count >= self.count ? self : split(Double(count) / Double(self.count), seed: 0).1
  }
}
