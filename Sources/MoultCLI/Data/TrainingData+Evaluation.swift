import Moult
import MoultReport

extension TrainingData {
  /// Returns the loss function of training; without its options it is the validation loss.
  ///
  /// - Parameters:
  ///   - labelSmoothing: The label smoothing of the cross-entropy, in 0..<1.
  ///   - weighting: The weighting of the classes.
  func loss(labelSmoothing: Double = 0, weighting: ClassWeighting = .none) -> (Tensor, Tensor) -> Tensor {
    if target.task == .regression { return { meanSquaredError($0, $1) } }
    if weighting == .none { return { crossEntropy($0, $1, labelSmoothing: labelSmoothing) } }
    // A network can have more outputs than there are classes.
    let weights = train.balancedClassWeights(classCount: outputSize)
    return { logits, labels in
      let spare = [Double](repeating: 1, count: logits.shape[1] - weights.count)
      return crossEntropy(logits, labels, classWeights: weights + spare, labelSmoothing: labelSmoothing)
    }
  }

  /// The numbers of samples in each part, in words.
  var sizes: String {
    let (train, test) = (NumberFormat.grouped(train.count), NumberFormat.grouped(test.count))
    if isValidatedOnTest { return "\(train) training and \(test) test samples" }
    return "\(train) training, \(NumberFormat.grouped(validation.count)) validation and \(test) test samples"
  }

  /// The training samples that are also evaluated after every epoch, as many as there are validation samples. The
  /// difference of the two losses is the generalization gap.
  ///
  /// The samples are drawn at random, because the data may be sorted by class.
  var gapSamples: TensorDataset { train.drawn(validation.count) }

  /// Returns the error of each sample: 0 or 1 for classes, the squared error of the standardized target for a
  /// regression.
  func errors(of model: MLP, on samples: TensorDataset) -> [Double] {
    model.evaluating {
      withGradients(false) {
        samples.batches(of: 1_000).flatMap { batch -> [Double] in
          let outputs = model(batch.inputs)
          if target.task == .regression {
            return zip(outputs.scalars(as: Double.self), batch.labels.scalars(as: Double.self))
              .map { ($0 - $1) * ($0 - $1) }
          }
          let classes = outputs.argmax(axis: 1).scalars(as: Int64.self)
          return zip(classes, batch.labels.scalars(as: Int64.self)).map { $0 == $1 ? 0 : 1 }
        }
      }
    }
  }

  /// Returns the metrics of a network on samples of the data, with dropout off.
  func metrics(of model: MLP, on samples: TensorDataset) -> EvaluationMetrics {
    let evaluation = model.evaluate(on: samples, loss: loss())
    guard target.task == .regression else {
      return EvaluationMetrics(loss: evaluation.loss, error: evaluation.error ?? .nan)
    }
    let (absolute, spread) = model.absoluteErrorAndSpread(on: samples)
    return EvaluationMetrics(
      loss: evaluation.loss,
      regression: RegressionReport.Metrics(
        rootMeanSquaredError: evaluation.loss.squareRoot() * target.deviation,
        meanAbsoluteError: absolute * target.deviation, determination: spread > 0 ? 1 - evaluation.loss / spread : 0))
  }
}

extension MLP {
  /// Returns the mean absolute error of the outputs, and the variance of the labels.
  fileprivate func absoluteErrorAndSpread(on data: TensorDataset) -> (absolute: Double, spread: Double) {
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

extension TensorDataset {
  /// Returns at most `count` samples in their original order, drawn at random with a fixed seed.
  func drawn(_ count: Int) -> TensorDataset {
    count >= self.count ? self : split(Double(count) / Double(self.count), seed: 0).1
  }
}
