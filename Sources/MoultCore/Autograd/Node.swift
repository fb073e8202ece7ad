import Synchronization

/// What turns the gradient of an operation's result into the gradients of its inputs; nil where none is needed.
package typealias Pullback = @Sendable (Tensor) -> [Tensor?]

/// One use of an operation: where a tensor came from.
///
/// Nodes know the nodes of their inputs and never the other way round, and pullbacks capture only detached tensors, so
/// the graph is freed when its last result is. Interior nodes belong to one backward pass at a time; leaves (parameters)
/// may be shared by any number of tasks.
package final class Node: @unchecked Sendable {
  /// Later nodes have higher numbers: an order in which every node comes after its inputs.
  package let id: UInt64
  package let operation: StaticString
  var inputs: [Node?]
  var pullback: Pullback?
  let accumulator: GradientAccumulator?
  /// Whether this is a rectifier, which a dropout behind it can take into its own pass.
  var isRectifier = false
  /// What turns the gradient of the result into that of the inputs' own inputs, for a first input that nobody else uses.
  var shortcut: Pullback?
  /// How many nodes of the pass that owns this one use it.
  var uses = 0
  /// Weights that this use multiplies by, and their gradient as a product yet to be computed.
  var weightProduct: (leaf: Node, of: @Sendable (Tensor) -> WeightProduct)?
  /// The number of the backward pass that this node belongs to now; 0 for none.
  let owner = Atomic<UInt64>(0)
  /// What the pass has gathered so far.
  var pending: Tensor?
  var consumed = false

  private static let lastID = Atomic<UInt64>(0)

  init(_ operation: StaticString, inputs: [Node?], pullback: @escaping Pullback) {
    id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
    self.operation = operation
    self.inputs = inputs
    self.pullback = pullback
    accumulator = nil
  }

  /// A leaf: gradients stop here and add up.
  init(leaf operation: StaticString) {
    id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
    self.operation = operation
    inputs = []
    pullback = nil
    accumulator = GradientAccumulator()
  }

  /// Frees a chain of any length without recursion.
  deinit {
    guard !inputs.isEmpty else { return }
    var waiting = inputs
    inputs = []
    while !waiting.isEmpty {
      var node = waiting.removeLast()
      if isKnownUniquelyReferenced(&node), let last = node {
        waiting.append(contentsOf: last.inputs)
        last.inputs = []
      }
    }
  }
}

/// The gradient that a leaf has gathered.
package final class GradientAccumulator: Sendable {
  private enum Sum {
    case tensor(Tensor)
    case product(WeightProduct)

    var tensor: Tensor {
      switch self {
      case .tensor(let tensor): tensor
      case .product(let product): product.tensor()
      }
    }
  }

  private let sum = Mutex<Sum?>(nil)

  /// The sum; computed now if it is a product that nobody has asked for yet.
  var gradient: Tensor? {
    get {
      sum.withLock { sum in
        guard let tensor = sum?.tensor else { return nil }
        sum = .tensor(tensor)
        return tensor
      }
    }
    set { sum.withLock { $0 = newValue.map { .tensor($0) } } }
  }

  var isEmpty: Bool { sum.withLock { $0 == nil } }

  /// The product, if the sum is one and nobody has asked for it yet.
  var product: WeightProduct? {
    sum.withLock { if case .product(let product) = $0 { product } else { nil } }
  }

  func add(_ gradient: Tensor) {
    gradient.computed()
    sum.withLock { sum in sum = .tensor(sum.map { $0.tensor + gradient } ?? gradient) }
  }

  func add(_ product: WeightProduct) {
    sum.withLock { sum in sum = sum.map { .tensor($0.tensor + product.tensor()) } ?? .product(product) }
  }
}

extension Tensor {
  /// This tensor as the result of `operation` on `inputs`, if gradients are on and an input needs one.
  ///
  /// The extension point of every differentiable operation. `pullback` receives the gradient of the result, in the
  /// result's shape, and returns one gradient per input. It must capture detached tensors only: a captured history would
  /// keep the graph alive, and free it recursively.
  package func recorded(
    _ operation: StaticString, from input: Tensor, pullback: @escaping Pullback
  ) -> Tensor {
    guard let node = input.node, gradientsEnabled else { return self }
    var result = self
    result.node = Node(operation, inputs: [node], pullback: pullback)
    return result
  }

  /// The same for several inputs.
  package func recorded(
    _ operation: StaticString, from inputs: Tensor..., pullback: @escaping Pullback
  ) -> Tensor {
    recorded(operation, from: inputs, pullback: pullback)
  }

  /// The same for a list of inputs.
  package func recorded(
    _ operation: StaticString, from inputs: [Tensor], pullback: @escaping Pullback
  ) -> Tensor {
    guard inputs.contains(where: { $0.node != nil }), gradientsEnabled else { return self }
    var result = self
    result.node = Node(operation, inputs: inputs.map(\.node), pullback: pullback)
    return result
  }
}
