import MoultCore
import MoultNN

/// The loss, the accuracy and other metrics of a model on a data set, in evaluation mode.
public struct Evaluation: Sendable, Equatable {
  /// The mean loss over the samples, weighted if they have weights; 0 if there are none, NaN if they have no weight.
  public let loss: Double
  /// The number of samples classified correctly; nil if the labels are not classes.
  public let correct: Int?
  /// The number of samples.
  public let count: Int
  /// The values of the metrics that were asked for, by name; NaN for a value that is not defined.
  public let metrics: [String: Double]

  /// The fraction of samples classified correctly; nil if the labels are not classes or there are no samples.
  public var accuracy: Double? { share(of: correct) }

  /// The fraction of samples classified wrongly; nil if the labels are not classes or there are no samples.
  public var error: Double? { share(of: correct.map { count - $0 }) }

  private func share(of part: Int?) -> Double? {
    guard let part, count > 0 else { return nil }
    return Double(part) / Double(count)
  }
}

extension Module where Input == Tensor, Output == Tensor {
  /// Runs the model on a data set in evaluation mode without gradients, and returns the mean loss and the accuracy.
  ///
  /// The modes that are set on the layers do not change; evaluation mode ends with this call. Data with weights stop
  /// the program: the loss does not take them.
  ///
  /// - Parameters:
  ///   - data: The samples to evaluate on, read batch by batch.
  ///   - loss: Returns the mean loss of a batch from outputs and labels, such as `crossEntropy`.
  ///   - metrics: Other metrics to compute, with different names.
  ///   - batchSize: The number of samples that the model gets at once, at least 1.
  /// - Throws: The errors of `data`.
  /// - Complexity: One forward pass of each sample.
  public func evaluate(
    on data: any Dataset, loss: (Tensor, Tensor) -> Tensor, metrics: [any Metric] = [], batchSize: Int = 1_000
  ) throws(MoultError) -> Evaluation {
    try evaluate(on: data, metrics: metrics, batchSize: batchSize) { unweighted($0, loss) }
  }

  /// Runs the model on samples in memory in evaluation mode without gradients, and returns the mean loss and the
  /// accuracy.
  ///
  /// The modes that are set on the layers do not change; evaluation mode ends with this call. Data with weights stop
  /// the program: the loss does not take them.
  ///
  /// - Parameters:
  ///   - data: The samples to evaluate on.
  ///   - loss: Returns the mean loss of a batch from outputs and labels, such as `crossEntropy`.
  ///   - metrics: Other metrics to compute, with different names.
  ///   - batchSize: The number of samples that the model gets at once, at least 1.
  /// - Complexity: One forward pass of each sample.
  public func evaluate(
    on data: TensorDataset, loss: (Tensor, Tensor) -> Tensor, metrics: [any Metric] = [], batchSize: Int = 1_000
  ) -> Evaluation {
    evaluate(inMemory: data, metrics: metrics, batchSize: batchSize) { unweighted($0, loss) }
  }

  /// Runs the model on samples with weights in evaluation mode without gradients, and returns the weighted mean loss
  /// and the accuracy, which counts each sample once.
  ///
  /// - Parameters:
  ///   - data: The samples to evaluate on. Without weights, the weights are 1.
  ///   - weightedLoss: Returns the weighted mean loss of a batch, Σ w · l / Σ w, from outputs, labels and weights.
  ///   - metrics: Other metrics to compute, with different names. They take the weights.
  ///   - batchSize: The number of samples that the model gets at once, at least 1.
  /// - Complexity: One forward pass of each sample.
  public func evaluate(
    on data: TensorDataset, weightedLoss: (Tensor, Tensor, Tensor) -> Tensor, metrics: [any Metric] = [],
    batchSize: Int = 1_000
  ) -> Evaluation {
    evaluate(inMemory: data, metrics: metrics, batchSize: batchSize) { batch in
      let output = self(batch.inputs)
      return (output, weightedLoss(output, batch.labels, batch.weightsOrOnes))
    }
  }

  private func unweighted(_ batch: Batch, _ loss: (Tensor, Tensor) -> Tensor) -> (output: Tensor?, loss: Tensor) {
    require(
      batch.weights == nil,
      "evaluate(on:loss:): expected samples without weights, which the loss does not take; "
        + "use evaluate(on:weightedLoss:)")
    let output = self(batch.inputs)
    return (output, loss(output, batch.labels))
  }
}

extension Module {
  /// Evaluates the model on a data set, batch by batch.
  ///
  /// - Parameters:
  ///   - data: The samples to evaluate on.
  ///   - metrics: The metrics to compute, without samples.
  ///   - batchSize: The number of samples of a batch.
  ///   - compute: Returns the loss of a batch, and the outputs for accuracy and metrics; nil for none.
  func evaluate(
    on data: any Dataset, metrics: [any Metric], batchSize: Int,
    _ compute: (Batch) -> (output: Tensor?, loss: Tensor)
  ) throws(MoultError) -> Evaluation {
    let batches = data.batches(of: batchSize)
    return try evaluation(metrics, compute) { () throws(MoultError) in try batches.next() }
  }

  private func evaluate(
    inMemory data: TensorDataset, metrics: [any Metric], batchSize: Int,
    _ compute: (Batch) -> (output: Tensor?, loss: Tensor)
  ) -> Evaluation {
    var batches = data.batches(of: batchSize).makeIterator()
    return evaluation(metrics, compute) { batches.next() }
  }

  private func evaluation<Failure: Error>(
    _ metrics: [any Metric], _ compute: (Batch) -> (output: Tensor?, loss: Tensor),
    _ next: () throws(Failure) -> Batch?
  ) throws(Failure) -> Evaluation {
    if let name = metrics.repeatedName {
      fatalError("evaluate(on:): expected metrics of different names, got two of \(name)")
    }
    var lossSum = 0.0, totalWeight = 0.0
    var accuracy = Accuracy()
    var metrics = metrics
    var count = 0
    let outcome = infer {
      Result { () throws(Failure) in
        while let batch = try next() {
          let (output, loss) = compute(batch)
          let weight = batch.totalWeight
          // The mean loss of samples without weight is 0 / 0.
          if weight > 0 { lossSum += loss.item(as: Double.self) * weight }
          totalWeight += weight
          count += batch.inputs.shape[0]
          guard let output else { continue }
          metrics.update(output, batch.labels, weights: batch.weights)
          if Accuracy.applies(logits: output, labels: batch.labels) {
            accuracy.update(logits: output, labels: batch.labels)
          }
        }
      }
    }
    try outcome.get()
    return Evaluation(
      loss: count > 0 ? lossSum / totalWeight : 0, correct: accuracy.total == count ? accuracy.correct : nil,
      count: count, metrics: metrics.valuesByName)
  }
}
