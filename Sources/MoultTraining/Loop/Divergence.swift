import MoultCore
import MoultNN

extension Trainer {
  /// Returns the error of code `.diverged` for a training loss that is NaN or infinite. The message has the epoch and
  /// step, and names the first non-finite values found in the inputs, then in the weights, then in the gradients of the
  /// loss.
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

  /// Returns the value as text, without the sign of NaN, which has no meaning and depends on the processor.
  private static func text(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }

  /// Returns the error of code `.diverged` for a validation loss that is NaN or infinite.
  func divergence(validationLoss value: Double) -> MoultError {
    let hint =
      nameOfParameterThatIsNotFinite.map { Self.hint(parameter: $0) }
      ?? "the weights are finite but too large, or the validation data are not finite; lower the learning rate"
    return MoultError(
      .diverged, "the validation loss became \(Self.text(value)) (learning rate \(optimizer.learningRate)); \(hint)",
      location: "epoch \(completedEpochs), after step \(completedSteps)")
  }

  /// Returns the error of code `.diverged` if a weight is NaN or infinite; nil if all are finite. After the last step,
  /// no later loss would show this.
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
  /// Whether no element is NaN or infinite; always true for integers.
  var isFinite: Bool {
    switch dtype {
    // Compares the largest exponent bits of all elements. This loop has no branch, so the compiler can vectorize it.
    case .float32: largest(UInt32.self, of: Float.infinity.bitPattern) < Float.infinity.bitPattern
    case .float64: largest(UInt64.self, of: Double.infinity.bitPattern) < Double.infinity.bitPattern
    case .float16: largest(UInt16.self, of: 0x7C00) < 0x7C00
    case .bfloat16: largest(UInt16.self, of: 0x7F80) < 0x7F80
    case .int64, .int32, .uint8, .bool: true
    }
  }

  /// Returns the maximum over all elements of their bits combined with `mask` by a bitwise AND.
  private func largest<Bits: FixedWidthInteger>(_ type: Bits.Type, of mask: Bits) -> Bits {
    withContiguousBytes { $0.bindMemory(to: type).reduce(0) { Swift.max($0, $1 & mask) } }
  }
}
