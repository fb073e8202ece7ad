import MoultCore
import MoultNN

extension Trainer {
  /// Runs the forward pass, backward pass and update for one batch, and adds its predictions to `accuracy`.
  ///
  /// - Returns: The mean loss of the batch, computed before the update.
  /// - Throws: An error of code `.diverged` if the loss is not finite, of code `.usage` if the batch has weights that
  ///   the loss does not take, or of code `.badData` if the weights are all 0.
  func step(on batch: Batch, accuracy: inout Accuracy) throws(MoultError) -> Double {
    try checkWeights(of: batch)
    let count = batch.inputs.shape[0]
    if let microBatchSize, microBatchSize < count {
      return try accumulatedStep(on: batch, microBatchSize: microBatchSize, accuracy: &accuracy)
    }
    let (output, loss) = withStep(completedSteps) { forward(batch) }
    let value = loss.item(as: Double.self)
    guard value.isFinite else { throw divergence(value, loss: loss, inputs: batch.inputs) }
    loss.backward()
    update()
    tally(output, batch.labels, in: &accuracy)
    return value
  }

  /// Runs the same step with the batch split into micro-batches. Each micro-batch draws the masks of its samples in the
  /// whole batch. Its loss is weighted by its fraction of the weight of the samples, so the gradients add up to those
  /// of the mean loss.
  private func accumulatedStep(
    on batch: Batch, microBatchSize: Int, accuracy: inout Accuracy
  ) throws(MoultError) -> Double {
    let count = batch.inputs.shape[0], weight = batch.totalWeight
    var total = 0.0
    for first in stride(from: 0, to: count, by: microBatchSize) {
      let part = batch[first..<min(first + microBatchSize, count)]
      let fraction = part.totalWeight / weight
      let (output, loss) = withStep(completedSteps, firstSample: first) { forward(part) }
      // The mean loss of samples without weight is 0 / 0, and they add nothing.
      if fraction > 0 {
        let value = loss.item(as: Double.self)
        guard value.isFinite else { throw divergence(value, loss: loss, inputs: part.inputs) }
        (loss * fraction).backward()
        total += value * fraction
      }
      tally(output, part.labels, in: &accuracy)
    }
    update()
    return total
  }

  private func checkWeights(of batch: Batch) throws(MoultError) {
    guard batch.weights != nil else { return }
    let place = "epoch \(completedEpochs + 1), step \(completedSteps + 1)"
    guard losses.takesWeights else {
      throw MoultError(.usage, "Trainer.fit: " + Self.unexpectedWeights, location: place)
    }
    guard batch.totalWeight > 0 else {
      throw MoultError(
        .badData,
        "Trainer.fit: expected a batch with a weight above 0, got \(batch.inputs.shape[0]) samples of weight 0; "
          + "leave them out", location: place)
    }
  }

  static var unexpectedWeights: String {
    "expected samples without weights, which the loss does not take; use Trainer(weightedLoss:)"
  }

  /// Updates the parameters by the gradients of the step. Without transforms the optimizer computes the gradients here,
  /// tile by tile, while each tile of the weights is in the cache.
  private func update() {
    optimizer.transformGradients(gradientTransforms, step: completedSteps)
    optimizer.step()
    optimizer.clearGradients()
  }

  /// Returns the model output and the loss, including the terms that layers add to it. The output is nil with an
  /// `objective`, which runs the model itself.
  private func forward(_ batch: Batch) -> (output: Tensor?, loss: Tensor) {
    let ((output, loss), terms) = collectingLossTerms { losses.training(model, batch) }
    return (output, terms.map { loss + $0 } ?? loss)
  }

  private func tally(_ output: Tensor?, _ labels: Tensor, in accuracy: inout Accuracy) {
    if let output, Accuracy.applies(logits: output, labels: labels) { accuracy.update(logits: output, labels: labels) }
  }
}
