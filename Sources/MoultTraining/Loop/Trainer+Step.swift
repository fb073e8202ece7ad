import MoultCore
import MoultNN

extension Trainer {
  /// Runs the forward pass, backward pass and update for one batch, and adds its predictions to `accuracy`.
  ///
  /// - Returns: The mean loss of the batch, computed before the update.
  /// - Throws: An error of code `.diverged` if the loss is not finite.
  func step(on batch: Batch, accuracy: inout Accuracy) throws(MoultError) -> Double {
    let count = batch.inputs.shape[0]
    if let microBatchSize, microBatchSize < count {
      return try accumulatedStep(on: batch, microBatchSize: microBatchSize, accuracy: &accuracy)
    }
    let (output, loss) = withStep(completedSteps) { forward(batch.inputs, batch.labels) }
    let value = loss.item(as: Double.self)
    guard value.isFinite else { throw divergence(value, loss: loss, inputs: batch.inputs) }
    loss.backward()
    update()
    tally(output, batch.labels, in: &accuracy)
    return value
  }

  /// Runs the same step with the batch split into micro-batches. Each micro-batch draws the masks of its samples in the
  /// whole batch. Its loss is weighted by its fraction of the samples, so the gradients add up to those of the mean
  /// loss.
  private func accumulatedStep(
    on batch: Batch, microBatchSize: Int, accuracy: inout Accuracy
  ) throws(MoultError) -> Double {
    let count = batch.inputs.shape[0]
    var total = 0.0
    for first in stride(from: 0, to: count, by: microBatchSize) {
      let range = first..<min(first + microBatchSize, count)
      let inputs = batch.inputs[range]
      let labels = batch.labels[range]
      let fraction = Double(range.count) / Double(count)
      let (output, loss) = withStep(completedSteps, firstSample: first) { forward(inputs, labels) }
      let value = loss.item(as: Double.self)
      guard value.isFinite else { throw divergence(value, loss: loss, inputs: inputs) }
      (loss * fraction).backward()
      total += value * fraction
      tally(output, labels, in: &accuracy)
    }
    update()
    return total
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
  private func forward(_ inputs: Tensor, _ labels: Tensor) -> (output: Tensor?, loss: Tensor) {
    let ((output, loss), terms) = collectingLossTerms { () -> (Tensor?, Tensor) in
      if let objective { return (nil, objective(inputs, labels)) }
      let output = model(inputs)
      return (output, self.loss(output, labels))
    }
    return (output, terms.map { loss + $0 } ?? loss)
  }

  private func tally(_ output: Tensor?, _ labels: Tensor, in accuracy: inout Accuracy) {
    if let output, Accuracy.applies(logits: output, labels: labels) { accuracy.update(logits: output, labels: labels) }
  }
}
