/// Computes a custom operation with its own gradient.
///
///     func cube(_ x: Tensor) -> Tensor {
///       customOperation("cube", [x]) { inputs in
///         inputs[0] * inputs[0] * inputs[0]
///       } pullback: { gradient, inputs, _ in
///         [gradient * inputs[0] * inputs[0] * 3]
///       }
///     }
///
/// A function composed of existing operations does not need it: its gradient is computed automatically.
///
/// - Parameters:
///   - name: the name of the operation, for messages and records.
///   - inputs: the tensors that the operation has gradients with respect to.
///   - forward: computes the result from the inputs, which have no history; gradients are off.
///   - pullback: computes the gradients from the gradient of the result, in the result's shape, the inputs and the
///     result. It returns a gradient for each input in that input's shape and dtype, or nil for none. Gradients are
///     off.
/// - Returns: The result, with a history if gradients are on and an input has one.
/// - Edge cases: stops the program if the pullback returns another number of gradients, or one of another shape or
///   dtype. There are first derivatives only: the gradients that `backward()` computes have no history.
public func customOperation(
  _ name: StaticString, _ inputs: [Tensor], forward: (_ inputs: [Tensor]) -> Tensor,
  pullback: @escaping @Sendable (_ gradient: Tensor, _ inputs: [Tensor], _ result: Tensor) -> [Tensor?]
) -> Tensor {
  let values = inputs.map { $0.detached() }
  let result = withoutRecording { forward(values) }.detached()
  return result.values.recorded(name, nodes: inputs.map(\.node), inputs: inputs, isCustom: true) { gradient in
    let gradients = withoutRecording { pullback(Tensor(gradient), values, result) }
    require(
      gradients.count == values.count,
      "\(name): expected a pullback with \(values.count) gradients, one for each input, got \(gradients.count)")
    return zip(gradients, values).enumerated().map { index, pair in
      guard let gradient = pair.0 else { return nil }
      require(
        gradient.shape == pair.1.shape && gradient.dtype == pair.1.dtype,
        "\(name): expected a gradient of shape \(pair.1.shape) and type \(pair.1.dtype) for input \(index), "
          + "got \(gradient.shape) \(gradient.dtype)")
      return .values(gradient.values)
    }
  }
}
