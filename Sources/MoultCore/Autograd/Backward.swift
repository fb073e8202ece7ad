import Synchronization

extension Tensor {
  /// Whether gradients flow into this tensor: it is a variable, or was computed from a variable or parameter with
  /// gradients on.
  public var requiresGradient: Bool { node != nil }

  /// Returns the same elements as a new variable, a leaf of the graph: `backward()` adds up its ``gradient``. Stops the
  /// program unless the dtype is floating-point.
  public func requiringGradient() -> Tensor {
    requireFloatingPoint("requiringGradient()")
    return Tensor(values, node: Node(leaf: "variable"))
  }

  /// The gradient that `backward()` has added up for a variable made by ``requiringGradient()``, in its shape; nil
  /// before `backward()` and for all other tensors.
  public var gradient: Tensor? { node?.accumulator?.gradient.map { Tensor($0) } }

  /// Computes the gradients of this tensor with respect to all parameters and variables that it was computed from, and
  /// adds them to their `gradient`.
  ///
  /// - Parameters:
  ///   - gradient: the gradient of the loss with respect to this tensor, in its shape and dtype; nil stands for 1 and
  ///     requires a tensor of one element.
  ///   - retainingGraph: whether to keep the graph for a second call. Otherwise this call frees it, and a second call
  ///     stops the program with a message that says so.
  /// - Complexity: O(*n* log *n*) in the number of operations, without recursion.
  public func backward(gradient: Tensor? = nil, retainingGraph: Bool = false) {
    guard let root = node else {
      fatalError(
        "backward(): this tensor has no history; it came from no parameter, or it was made inside withGradients(false)")
    }
    let seed = checkedSeed(gradient, "backward()")
    if let leaf = root.accumulator { return leaf.add(.values(seed)) }
    BackwardPass(root: root, retaining: retainingGraph).run(seed: seed)
  }

  fileprivate func checkedSeed(_ gradient: Tensor?, _ caller: String) -> NDArray {
    if let gradient {
      require(
        gradient.shape == shape && gradient.dtype == dtype,
        "\(caller): expected a gradient of shape \(shape) and type \(dtype), got \(gradient.shape) \(gradient.dtype)")
      return gradient.values
    }
    require(
      count == 1,
      "\(caller): expected a single number, got \(shape); reduce it with sum() or mean(), or pass `gradient:`")
    return .full(shape, 1, dtype: dtype)
  }
}

/// Returns the gradients of `loss`, a tensor of one element, with respect to each of `inputs`, in their shapes. The
/// gradient is zero if the loss does not depend on an input.
///
/// The `gradient` of parameters and variables does not change, and the graph is kept. Stops the program if an input has
/// no history.
public func gradients(of loss: Tensor, withRespectTo inputs: [Tensor]) -> [Tensor] {
  gradients(of: loss, nodes: inputs.map(\.node), like: inputs)
}

/// Returns the gradients of `loss`, a tensor of one element, with respect to each of `parameters`, in their shapes. The
/// gradient is zero if the loss does not depend on a parameter.
///
/// The `gradient` of the parameters does not change, and the graph is kept.
public func gradients(of loss: Tensor, withRespectTo parameters: [Parameter]) -> [Tensor] {
  gradients(of: loss, nodes: parameters.map(\.leaf), like: parameters.map { $0.value.detached() })
}

private func gradients(of loss: Tensor, nodes: [Node?], like inputs: [Tensor]) -> [Tensor] {
  let seed = loss.checkedSeed(nil, "gradients(of:)")
  for (i, node) in nodes.enumerated() {
    require(node != nil, "gradients(of:): input \(i) is no variable; make it one with requiringGradient()")
  }
  var found: [ObjectIdentifier: NDArray] = [:]
  if let root = loss.node {
    let pass = BackwardPass(root: root, retaining: true)
    pass.targets = Set(nodes.compactMap { $0.map { ObjectIdentifier($0) } })
    if root.accumulator == nil { pass.run(seed: seed) } else { pass.found[ObjectIdentifier(root)] = GradientSum(seed) }
    found = pass.found.compactMapValues(\.values)
  }
  return zip(nodes, inputs).map { node, input in
    Tensor(node.flatMap { found[ObjectIdentifier($0)] } ?? .zeros(input.shape, dtype: input.dtype))
  }
}

/// One traversal of a graph, from the result to the leaves, without recursion.
private final class BackwardPass {
  private let root: Node
  private let retaining: Bool
  private let number: UInt64
  /// The nodes whose gradients are collected in `found`; nil to add gradients to the leaves instead.
  var targets: Set<ObjectIdentifier>?
  var found: [ObjectIdentifier: GradientSum] = [:]

  private static let lastNumber = Atomic<UInt64>(0)

  init(root: Node, retaining: Bool) {
    self.root = root
    self.retaining = retaining
    number = Self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
  }

  /// Visits the nodes in descending order of their numbers, so that a node's gradient is complete when it is visited.
  func run(seed: NDArray) {
    var order = reachable()
    order.sort { $0.id > $1.id }
    root.sum.add(.values(seed))
    for node in order {
      let gradient = node.sum.values
      node.sum = GradientSum()
      if let gradient {
        if isTarget(node) {
          gradient.compute()
          found[ObjectIdentifier(node)] = GradientSum(gradient)
        }
        propagate(gradient, from: node)
      }
      if !retaining { node.consume() }
    }
    for node in order { node.owner.store(0, ordering: .releasing) }
  }

  private func isTarget(_ node: Node) -> Bool { targets?.contains(ObjectIdentifier(node)) == true }

  private func reachable() -> [Node] {
    var order = [root]
    order.reserveCapacity(64)
    var next = 0
    claim(root)
    while next < order.count {
      let node = order[next]
      next += 1
      require(
        !node.isConsumed,
        "backward(): the graph of this tensor was consumed by an earlier backward(); pass `retainingGraph: true` to that one"
      )
      for case let input? in node.inputs where input.accumulator == nil && claim(input) { order.append(input) }
    }
    return order
  }

  /// Marks a node as part of this traversal; returns false if it is marked already. Stops the program if another
  /// traversal has marked it.
  @discardableResult
  private func claim(_ node: Node) -> Bool {
    let (exchanged, owner) = node.owner.compareExchange(expected: 0, desired: number, ordering: .acquiring)
    require(
      exchanged || owner == number,
      "backward(): another task is walking a part of this graph (\(node.operation)); share parameters between tasks, not results"
    )
    return exchanged
  }

  private func propagate(_ gradient: NDArray, from node: Node) {
    guard var pullback = node.pullback else { return }
    var inputs = node.inputs
    if let fused = node.fusedPullback, let first = inputs[0], !isTarget(first) {
      (pullback, inputs) = (fused, first.inputs)
    }
    for (input, contribution) in zip(inputs, pullback(gradient)) {
      guard let input, let contribution else { continue }
      if let leaf = input.accumulator {
        if targets == nil {
          leaf.add(contribution)
        } else if isTarget(input) {
          if case .values(let values) = contribution { values.compute() }
          found[ObjectIdentifier(input), default: GradientSum()].add(contribution)
        }
      } else {
        input.sum.add(contribution)
      }
    }
  }
}
