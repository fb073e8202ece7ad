import MoultCore
import MoultNN

extension Trainer {
  /// Forward pass, backward pass and update on one batch.
  ///
  /// - Returns: the batch's mean loss, from before the update.
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

  /// The same step with the batch in pieces. Each piece knows where in the batch it begins, so its masks are those of
  /// the whole batch; its loss is weighted by its fraction of the samples, so the summed gradients are those of the
  /// batch's mean.
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

  /// Changes the parameters by the gradients of the step. Without a transform they are computed here, tile by tile,
  /// while each tile of the weights is in the cache.
  private func update() {
    optimizer.transformGradients(gradientTransforms, step: completedSteps)
    optimizer.step()
    optimizer.clearGradients()
  }

  /// The model's output, unless the objective runs the model itself, and the loss with what layers add to it.
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
