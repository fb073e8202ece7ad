/// An operation of one's own, with its own gradient.
///
///     func cube(_ x: Tensor) -> Tensor {
///       customOperation("cube", [x]) { inputs in
///         inputs[0] * inputs[0] * inputs[0]
///       } pullback: { gradient, inputs, _ in
///         [gradient * inputs[0] * inputs[0] * 3]
///       }
///     }
///
/// Functions composed of known operations need none of this: their gradients follow.
///
/// - Parameters:
///   - name: the operation's name, for messages and records.
///   - inputs: the tensors that gradients flow to.
///   - forward: computes the result from the inputs, which have no history; gradients are off.
///   - pullback: gets the gradient of the result in its shape, the inputs and the result, and returns a gradient for
///     each input in that input's shape and type, nil where there is none. Gradients are off.
/// - Returns: The result, with a history if gradients are on and an input has one.
/// - Edge cases: stops the program if the pullback returns another number of gradients, or one of another shape or
///   type. Only first derivatives exist: the gradients that `backward()` leaves have no history.
public func customOperation(
  _ name: StaticString, _ inputs: [Tensor], forward: (_ inputs: [Tensor]) -> Tensor,
  pullback: @escaping @Sendable (_ gradient: Tensor, _ inputs: [Tensor], _ result: Tensor) -> [Tensor?]
) -> Tensor {
  let values = inputs.map { $0.detached() }
  let result = withGradients(false) { forward(values) }.detached()
  let recorded = result.values.recorded(name, from: inputs) { gradient in
    let gradients = withGradients(false) { pullback(Tensor(gradient), values, result) }
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
  recorded.node?.isCustom = true
  return recorded
}
