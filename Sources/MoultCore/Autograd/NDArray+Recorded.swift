extension NDArray {
  /// This array as the result of `operation` on `input`, with a node if gradients are on and the input needs one.
  ///
  /// - Parameter pullback: turns the gradient of the result into that of the input, each in its shape.
  package func recorded(
    _ operation: StaticString, from input: Tensor, pullback: @escaping @Sendable (NDArray) -> NDArray
  ) -> Tensor {
    recorded(operation, from: [input.node]) { [.values(pullback($0))] }
  }

  /// The same with a contribution that need not be an array.
  package func recorded(
    _ operation: StaticString, from input: Tensor, pullback: @escaping Pullback
  ) -> Tensor {
    recorded(operation, from: [input.node], pullback: pullback)
  }

  /// This array as the result of `operation` on some inputs; the pullback returns one contribution for each.
  package func recorded(
    _ operation: StaticString, from inputs: Tensor..., pullback: @escaping Pullback
  ) -> Tensor {
    recorded(operation, from: inputs.map(\.node), pullback: pullback)
  }

  /// The same for a list of inputs.
  package func recorded(
    _ operation: StaticString, from inputs: [Tensor], pullback: @escaping Pullback
  ) -> Tensor {
    recorded(operation, from: inputs.map(\.node), pullback: pullback)
  }

  /// The same for nodes: the pullback may contribute to any nodes, as those of an input's own inputs.
  package func recorded(
    _ operation: StaticString, from inputs: [Node?], pullback: @escaping Pullback
  ) -> Tensor {
    guard gradientsEnabled, inputs.contains(where: { $0 != nil }) else { return Tensor(self) }
    return Tensor(self, node: Node(operation, inputs: inputs, pullback: pullback))
  }
}
