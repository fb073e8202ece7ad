import MoultCore
import MoultNN

extension Trainer {
  /// The error for a loss that is not finite: says when, and names the first thing that is not finite, looking at the
  /// inputs, then at the weights, then at the gradients that this loss would have given.
  func divergence(_ value: Double, loss: Tensor, inputs: Tensor) -> MoultError {
    let place = "epoch \(completedEpochs + 1), step \(completedSteps + 1)"
    let what = "the loss became \(Self.text(value)) (learning rate \(optimizer.learningRate))"
    if !inputs.isFinite {
      return MoultError(
        .diverged, what + "; the batch's inputs hold a value that is not finite, clean the data", location: place)
    }
    if let name = nameOfParameterThatIsNotFinite {
      return MoultError(.diverged, what + "; " + Self.hint(parameter: name), location: place)
    }
    optimizer.clearGradients()
    loss.backward()
    defer { optimizer.clearGradients() }
    if let first = model.namedParameters().first(where: { $0.parameter.gradient.map { !$0.isFinite } ?? false }) {
      return MoultError(
        .diverged, what + "; the weights are finite, the gradient of \(first.name) is not, lower the learning rate",
        location: place)
    }
    return MoultError(
      .diverged, what + "; weights and gradients are finite, look at the loss function", location: place)
  }

  /// The value without the sign of NaN, which means nothing and differs between processors.
  private static func text(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }

  /// The error for a validation loss that is not finite.
  func divergence(validationLoss value: Double) -> MoultError {
    let hint =
      nameOfParameterThatIsNotFinite.map { Self.hint(parameter: $0) }
      ?? "the weights are finite but too large, or the validation data are not finite; lower the learning rate"
    return MoultError(
      .diverged, "the validation loss became \(Self.text(value)) (learning rate \(optimizer.learningRate)); \(hint)",
      location: "epoch \(completedEpochs), after step \(completedSteps)")
  }

  /// The error for weights that became not finite in the last step, before a loss shows it; nil while all are finite.
  func divergedParameter() -> MoultError? {
    nameOfParameterThatIsNotFinite.map { name in
      MoultError(
        .diverged, Self.hint(parameter: name) + " (learning rate \(optimizer.learningRate))",
        location: "epoch \(max(completedEpochs, 1)), after step \(completedSteps)")
    }
  }

  private var nameOfParameterThatIsNotFinite: String? {
    model.namedParameters().first { !$0.parameter.value.detached().isFinite }?.name
  }

  private static func hint(parameter name: String) -> String {
    "the parameter \(name) is not finite, lower the learning rate or clip the gradients"
  }
}

extension Tensor {
  /// Whether no element is NaN or infinite; integers always are finite.
  var isFinite: Bool {
    switch dtype {
    // The largest exponent that occurs: a loop without a branch, of which the compiler makes vectors.
    case .float32: largest(UInt32.self, of: Float.infinity.bitPattern) < Float.infinity.bitPattern
    case .float64: largest(UInt64.self, of: Double.infinity.bitPattern) < Double.infinity.bitPattern
    default: true
    }
  }

  /// The largest of the elements' bits under a mask.
  private func largest<Bits: FixedWidthInteger>(_ type: Bits.Type, of mask: Bits) -> Bits {
    withContiguousBytes { $0.bindMemory(to: type).reduce(0) { Swift.max($0, $1 & mask) } }
  }
}
