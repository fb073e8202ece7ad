package typealias OperationAttributes = KeyValuePairs<String, RecordedOperation.Attribute>

extension NDArray {
  /// Returns this array as a tensor, the result of `operation` on `input`. It gets a node of the graph if gradients are
  /// on and `input` has one; if the task has a trace, it reports the operation.
  ///
  /// - Parameters:
  ///   - attributes: The settings of the operation that a record shows.
  ///   - pullback: Turns the gradient of the result into the gradient of the input, each in its own shape.
  package func recorded(
    _ operation: StaticString, _ attributes: @autoclosure () -> OperationAttributes = [:], from input: Tensor,
    pullback: @escaping @Sendable (NDArray) -> NDArray
  ) -> Tensor {
    recorded(operation, attributes(), nodes: [input.node], inputs: [input]) { [.values(pullback($0))] }
  }

  /// Returns this array as the result of `operation` on `input`, with a pullback that returns a contribution in any
  /// form.
  package func recorded(
    _ operation: StaticString, _ attributes: @autoclosure () -> OperationAttributes = [:], from input: Tensor,
    pullback: @escaping Pullback
  ) -> Tensor {
    recorded(operation, attributes(), nodes: [input.node], inputs: [input], pullback: pullback)
  }

  /// Returns this array as the result of `operation` on several inputs. The pullback returns one contribution for each
  /// of them, or only for the first ones.
  package func recorded(
    _ operation: StaticString, _ attributes: @autoclosure () -> OperationAttributes = [:], from inputs: Tensor...,
    pullback: @escaping Pullback
  ) -> Tensor {
    recorded(operation, attributes(), from: inputs, pullback: pullback)
  }

  /// Returns this array as the result of `operation` on a list of inputs. The pullback returns one contribution for
  /// each of them.
  package func recorded(
    _ operation: StaticString, _ attributes: @autoclosure () -> OperationAttributes = [:], from inputs: [Tensor],
    pullback: @escaping Pullback
  ) -> Tensor {
    recorded(operation, attributes(), nodes: inputs.map(\.node), inputs: inputs, pullback: pullback)
  }

  /// Returns this array as the result of `operation`, with inputs and nodes on their own: a parameter's tensor has no
  /// node while the parameter is frozen.
  ///
  /// - Parameters:
  ///   - nodes: The nodes that the pullback returns contributions to, in its order.
  ///   - inputs: The tensors that the operation read. They are not asked for without a trace.
  ///   - isCustom: Whether it is a custom operation.
  package func recorded(
    _ operation: StaticString, _ attributes: @autoclosure () -> OperationAttributes = [:], nodes: [Node?],
    inputs: @autoclosure () -> [Tensor], isCustom: Bool = false, pullback: @escaping Pullback
  ) -> Tensor {
    let context = OperationContext.current
    var result = Tensor(self)
    if context.recordsGradients, nodes.contains(where: { $0 != nil }) {
      let node = Node(operation, inputs: nodes, pullback: pullback)
      node.isCustom = isCustom
      result.node = node
    }
    context.operationTrace?.add(operation, attributes(), inputs(), result, isCustom: isCustom)
    return result
  }

  /// Returns this array as the result of an operation without gradients.
  package func withoutHistory(
    _ operation: StaticString, _ attributes: @autoclosure () -> OperationAttributes = [:],
    from inputs: @autoclosure () -> [Tensor]
  ) -> Tensor {
    let result = Tensor(self)
    OperationContext.current.operationTrace?.add(operation, attributes(), inputs(), result)
    return result
  }
}

extension ForwardTrace {
  fileprivate func add(
    _ operation: StaticString, _ attributes: OperationAttributes, _ inputs: [Tensor], _ result: Tensor,
    isCustom: Bool = false
  ) {
    add(
      RecordedOperation(
        name: "\(operation)", attributes: attributes, inputs: inputs.map { $0.detached() }, result: result,
        isCustom: isCustom))
  }
}
