import Synchronization

/// A trace of a forward pass: its mask calls and its operations, each in order.
///
/// Layers and operations report to the trace of their task's ``OperationContext``.
package final class ForwardTrace: Sendable {
  /// One mask call.
  package struct Draw: Sendable {
    /// The layer; nil for a call of a functional form, such as `dropout(_:rate:mode:)`.
    package let layer: StochasticState?
    /// The key of the masks of this call.
    package let use: MaskUse
    /// The number of operations before the call, so the place of the operation that applies its masks.
    package let operationCount: Int
  }

  private struct Events {
    var draws: [Draw] = []
    var operations: [RecordedOperation] = []
  }

  private let events = Mutex(Events())

  /// Makes an empty trace.
  package init() {}

  /// The trace that the current task reports to.
  static var current: ForwardTrace? { OperationContext.current.trace }

  /// Makes this the trace of the task during `body`.
  package func recording<R>(_ body: () throws -> R) rethrows -> R {
    try OperationContext.$current.withValue(.with(trace: self), operation: body)
  }

  /// The mask calls, in their order.
  package var draws: [Draw] { events.withLock(\.draws) }
  /// The operations, in their order. Their results have their gradient history.
  package var operations: [RecordedOperation] { events.withLock(\.operations) }

  func addDraw(of layer: StochasticState?, use: MaskUse) {
    events.withLock {
      $0.draws.append(Draw(layer: layer, use: use, operationCount: $0.operations.count))
    }
  }
  func add(_ operation: RecordedOperation) { events.withLock { $0.operations.append(operation) } }
}

extension Node {
  /// This node and all nodes that its result was computed from, those with the fewest operations in between first.
  package var history: [Node] {
    var found = [self]
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(self)]
    var next = 0
    while next < found.count {
      for case let source? in found[next].inputs where seen.insert(ObjectIdentifier(source)).inserted {
        found.append(source)
      }
      next += 1
    }
    return found
  }
}
