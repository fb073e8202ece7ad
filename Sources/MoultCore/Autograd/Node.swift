import Synchronization

/// The backward function of an operation. It takes the gradient of the result and returns a contribution to the
/// gradient of each input, or nil where none is needed.
package typealias Pullback = @Sendable (NDArray) -> [Contribution?]

/// A node of the graph: an operation that made a tensor, or a leaf.
///
/// A node refers to the nodes of its inputs and never to later ones, and a pullback captures arrays, which have no
/// history. So the graph is freed when its last result is freed. An inner node belongs to one backward pass at a time;
/// any number of tasks can share leaves (parameters).
package final class Node: @unchecked Sendable {
  /// The number of the node. Nodes are numbered in the order in which they are made, so it is higher than those of all
  /// inputs.
  package let id: UInt64
  package let operation: StaticString
  var inputs: [Node?]
  var pullback: Pullback?
  /// The pullback through this operation and the operation of its first input together: it returns contributions to the
  /// inputs of that operation. It is used unless the gradient of the first input itself is requested.
  var fusedPullback: Pullback?
  let accumulator: GradientAccumulator?
  /// The number of the backward pass that this node belongs to at present; 0 for none.
  let owner = Atomic<UInt64>(0)
  /// The gradient that the backward pass has added up so far.
  var sum = GradientSum()
  var isConsumed = false
  /// Whether the node is a custom operation, whose gradient was written by a user. Its name can be that of an operation
  /// of the library.
  var isCustom = false

  private static let lastID = Atomic<UInt64>(0)

  init(_ operation: StaticString, inputs: [Node?], pullback: @escaping Pullback) {
    id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
    self.operation = operation
    self.inputs = inputs
    self.pullback = pullback
    accumulator = nil
  }

  /// Makes a leaf, which adds up gradients.
  init(leaf operation: StaticString) {
    id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
    self.operation = operation
    inputs = []
    pullback = nil
    accumulator = GradientAccumulator()
  }

  /// Returns whether this is a node of the library's operation `name`, not of a custom operation.
  func isOperation(_ name: StaticString) -> Bool {
    !isCustom && operation.withUTF8Buffer { a in name.withUTF8Buffer { b in a.elementsEqual(b) } }
  }

  /// Frees the pullbacks and inputs, which only a backward pass needs.
  func consume() {
    pullback = nil
    fusedPullback = nil
    inputs = []
    isConsumed = true
  }

  /// Frees a chain of nodes of any length without recursion.
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
