import Synchronization

/// A trace of a forward pass, for diagnosis: its mask calls and the results of ReLU, each in order.
///
/// While a trace is `current`, layers and operations of the task report to it. Without a trace, a report costs one read
/// of a task-local value.
package final class ForwardTrace: Sendable {
  /// One mask call.
  package struct Draw: Sendable {
    /// The layer; nil for a call of a functional form, such as `dropout(_:rate:mode:)`.
    package let layer: StochasticState?
    /// The key of the masks of this call.
    package let use: MaskUse
  }

  private struct Events {
    var draws: [Draw] = []
    var reluResults: [Tensor] = []
  }

  private let events = Mutex(Events())

  /// The trace that the current task reports to.
  @TaskLocal package static var current: ForwardTrace?

  /// Makes an empty trace.
  package init() {}

  /// The mask calls, in their order.
  package var draws: [Draw] { events.withLock(\.draws) }
  /// The results of ReLU, in their order, with their gradient history.
  package var reluResults: [Tensor] { events.withLock(\.reluResults) }

  func drew(_ layer: StochasticState?, _ use: MaskUse) {
    events.withLock { $0.draws.append(Draw(layer: layer, use: use)) }
  }

  func addReLU(_ result: Tensor) { events.withLock { $0.reluResults.append(result) } }
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
