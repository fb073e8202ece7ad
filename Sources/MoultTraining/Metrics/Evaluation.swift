import MoultCore
import MoultNN

/// The loss and the accuracy of a model on a data set, in evaluation mode.
public struct Evaluation: Sendable, Equatable {
  /// Mean loss over the samples.
  public let loss: Double
  /// Number of samples that are classified rightly, or `nil` when the labels are not classes.
  public let correct: Int?
  /// Number of samples.
  public let count: Int

  /// Share of samples that are classified rightly.
  public var accuracy: Double? { share(of: correct) }

  /// Share of samples that are classified wrongly.
  public var error: Double? { share(of: correct.map { count - $0 }) }

  private func share(of part: Int?) -> Double? {
    guard let part, count > 0 else { return nil }
    return Double(part) / Double(count)
  }
}

extension Module where Input == Tensor, Output == Tensor {
  /// Runs the model over `data` in evaluation mode, without gradients, and averages the loss.
  ///
  /// The modes of the layers stay what they were: evaluation is an override that ends with this call.
  ///
  /// - Parameter loss: the mean loss of a batch, such as `crossEntropy`.
  public func evaluate(
    on data: Dataset, loss: (Tensor, Tensor) -> Tensor, batchSize: Int = 1_000
  ) -> Evaluation {
    require(batchSize >= 1, "evaluate(on:): expected batchSize >= 1, got \(batchSize)")
    var lossSum = 0.0
    var accuracy = Accuracy()
    var count = 0
    infer {
      for batch in data.batches(of: batchSize) {
        let output = self(batch.inputs)
        let size = batch.inputs.shape[0]
        lossSum += loss(output, batch.labels).item(as: Double.self) * Double(size)
        count += size
        if Accuracy.applies(logits: output, labels: batch.labels) {
          accuracy.update(logits: output, labels: batch.labels)
        }
      }
    }
    return Evaluation(
      loss: count > 0 ? lossSum / Double(count) : 0, correct: accuracy.total == count ? accuracy.correct : nil,
      count: count)
  }
}
