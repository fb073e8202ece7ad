import MoultCore
import MoultNN

extension Trainer {
  /// The error for a loss that is not finite: says when, and names the first thing that is not finite, looking at what
  /// went in, then at the weights, then at the gradients that this loss would have given.
  func divergence(_ value: Double, loss: Tensor, inputs: Tensor) -> MoultError {
    let place = "epoch \(completedEpochs + 1), step \(completedSteps + 1)"
    let what = "the loss became \(value) at \(place) (learning rate \(optimizer.learningRate))"
    if !inputs.isFinite {
      return MoultError(
        .diverged, what + "; the batch's inputs hold a value that is not finite, clean the data", location: place)
    }
    let named = model.namedParameters()
    if let first = named.first(where: { !$0.parameter.value.detached().isFinite }) {
      return MoultError(
        .diverged, what + "; the parameter \(first.name) is not finite, lower the learning rate or clip the gradients",
        location: place)
    }
    optimizer.zeroGradients()
    loss.backward()
    defer { optimizer.zeroGradients() }
    if let first = named.first(where: { $0.parameter.gradient.map { !$0.isFinite } ?? false }) {
      return MoultError(
        .diverged, what + "; the weights are finite, the gradient of \(first.name) is not, lower the learning rate",
        location: place)
    }
    return MoultError(
      .diverged, what + "; weights and gradients are finite, look at the loss function", location: place)
  }
}

extension Tensor {
  /// Whether no element is NaN or infinite; integers always are finite.
  var isFinite: Bool {
    guard dtype.isFloatingPoint else { return true }
    return scalars(as: Double.self).allSatisfy { $0.isFinite }
  }
}
