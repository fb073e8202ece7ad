import Synchronization

/// Turns the gradient of an operation's result into contributions to the gradients of its inputs; nil where none is
/// needed.
package typealias Pullback = @Sendable (NDArray) -> [Contribution?]

/// An operation that made a tensor.
///
/// Nodes refer to the nodes of their inputs and never the other way round, and pullbacks capture arrays, which have no
/// history, so the graph is freed when its last result is. Interior nodes belong to one backward pass at a time; leaves
/// (parameters) may be shared by any number of tasks.
package final class Node: @unchecked Sendable {
  /// Later nodes have higher numbers: an order in which every node comes after its inputs.
  package let id: UInt64
  package let operation: StaticString
  var inputs: [Node?]
  var pullback: Pullback?
  /// The pullback of this operation and of the one that made its first input at once: contributions to that operation's
  /// inputs. It is used unless the gradient of the first input itself is asked for.
  var fusedPullback: Pullback?
  let accumulator: GradientAccumulator?
  /// The number of the backward pass that this node belongs to now; 0 for none.
  let owner = Atomic<UInt64>(0)
  /// The gradient that the pass has added up so far.
  var sum = GradientSum()
  var isConsumed = false
  /// Whether its gradient is a user's, whatever the operation is called.
  var isCustom = false

  private static let lastID = Atomic<UInt64>(0)

  init(_ operation: StaticString, inputs: [Node?], pullback: @escaping Pullback) {
    id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
    self.operation = operation
    self.inputs = inputs
    self.pullback = pullback
    accumulator = nil
  }

  /// A leaf: gradients are added up here.
  init(leaf operation: StaticString) {
    id = Self.lastID.wrappingAdd(1, ordering: .relaxed).newValue
    self.operation = operation
    inputs = []
    pullback = nil
    accumulator = GradientAccumulator()
  }

  /// Whether this is a node of the library's operation with such a name.
  func isOperation(_ name: StaticString) -> Bool {
    !isCustom && operation.withUTF8Buffer { a in name.withUTF8Buffer { b in a.elementsEqual(b) } }
  }

  /// Frees what only a backward pass needs.
  func consume() {
    pullback = nil
    fusedPullback = nil
    inputs = []
    isConsumed = true
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
