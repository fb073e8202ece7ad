extension NDArray {
  /// Returns this array as a tensor, the result of `operation` on `input`. It gets a node of the graph if gradients are
  /// on and `input` has one.
  ///
  /// - Parameter pullback: Turns the gradient of the result into the gradient of the input, each in its own shape.
  package func recorded(
    _ operation: StaticString, from input: Tensor, pullback: @escaping @Sendable (NDArray) -> NDArray
  ) -> Tensor {
    recorded(operation, from: [input.node]) { [.values(pullback($0))] }
  }

  /// Returns this array as the result of `operation` on `input`, with a pullback that returns a contribution in any
  /// form.
  package func recorded(
    _ operation: StaticString, from input: Tensor, pullback: @escaping Pullback
  ) -> Tensor {
    recorded(operation, from: [input.node], pullback: pullback)
  }

  /// Returns this array as the result of `operation` on several inputs. The pullback returns one contribution for each
  /// of them.
  package func recorded(
    _ operation: StaticString, from inputs: Tensor..., pullback: @escaping Pullback
  ) -> Tensor {
    recorded(operation, from: inputs.map(\.node), pullback: pullback)
  }

  /// Returns this array as the result of `operation` on a list of inputs. The pullback returns one contribution for
  /// each of them.
  package func recorded(
    _ operation: StaticString, from inputs: [Tensor], pullback: @escaping Pullback
  ) -> Tensor {
    recorded(operation, from: inputs.map(\.node), pullback: pullback)
  }

  /// Returns this array as the result of `operation` on the tensors of some nodes. The pullback returns one
  /// contribution for each node; the nodes can also be those of an input's own inputs.
  package func recorded(
    _ operation: StaticString, from inputs: [Node?], pullback: @escaping Pullback
  ) -> Tensor {
    guard gradientsEnabled, inputs.contains(where: { $0 != nil }) else { return Tensor(self) }
    return Tensor(self, node: Node(operation, inputs: inputs, pullback: pullback))
  }
}
