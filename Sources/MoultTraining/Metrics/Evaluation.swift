import MoultCore
import MoultNN

/// The loss and the accuracy of a model on a data set, in evaluation mode.
public struct Evaluation: Sendable, Equatable {
  /// The mean loss over the samples; 0 if there are none.
  public let loss: Double
  /// The number of samples classified correctly; nil if the labels are not classes.
  public let correct: Int?
  /// The number of samples.
  public let count: Int

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
  /// The modes that are set on the layers do not change; evaluation mode ends with this call.
  ///
  /// - Parameters:
  ///   - data: The samples to evaluate on, read batch by batch.
  ///   - loss: Returns the mean loss of a batch from outputs and labels, such as `crossEntropy`.
  ///   - batchSize: The number of samples that the model gets at once, at least 1.
  /// - Throws: The errors of `data`.
  /// - Complexity: One forward pass of each sample.
  public func evaluate(
    on data: any Dataset, loss: (Tensor, Tensor) -> Tensor, batchSize: Int = 1_000
  ) throws(MoultError) -> Evaluation {
    let batches = data.batches(of: batchSize)
    return try evaluation(loss: loss) { () throws(MoultError) in try batches.next() }
  }

  /// Runs the model on samples in memory in evaluation mode without gradients, and returns the mean loss and the
  /// accuracy.
  ///
  /// The modes that are set on the layers do not change; evaluation mode ends with this call.
  ///
  /// - Parameters:
  ///   - data: The samples to evaluate on.
  ///   - loss: Returns the mean loss of a batch from outputs and labels, such as `crossEntropy`.
  ///   - batchSize: The number of samples that the model gets at once, at least 1.
  /// - Complexity: One forward pass of each sample.
  public func evaluate(
    on data: TensorDataset, loss: (Tensor, Tensor) -> Tensor, batchSize: Int = 1_000
  ) -> Evaluation {
    var batches = data.batches(of: batchSize).makeIterator()
    return evaluation(loss: loss) { batches.next() }
  }

  private func evaluation<Failure: Error>(
    loss: (Tensor, Tensor) -> Tensor, _ next: () throws(Failure) -> Batch?
  ) throws(Failure) -> Evaluation {
    var lossSum = 0.0
    var accuracy = Accuracy()
    var count = 0
    let outcome = infer {
      Result { () throws(Failure) in
        while let batch = try next() {
          let output = self(batch.inputs)
          let size = batch.inputs.shape[0]
          lossSum += loss(output, batch.labels).item(as: Double.self) * Double(size)
          count += size
          if Accuracy.applies(logits: output, labels: batch.labels) {
            accuracy.update(logits: output, labels: batch.labels)
          }
        }
      }
    }
    try outcome.get()
    return Evaluation(
      loss: count > 0 ? lossSum / Double(count) : 0, correct: accuracy.total == count ? accuracy.correct : nil,
      count: count)
  }
}
