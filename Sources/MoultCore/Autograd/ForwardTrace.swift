import Synchronization

/// A record of a forward pass, for diagnosis: the mask calls, the results of ReLU, and their order.
///
/// While one is `current`, layers and operations of the task report to it. Without one each report costs the reading of
/// a task-local value.
package final class ForwardTrace: Sendable {
  /// One use of masks.
  package struct Draw: Sendable {
    /// The layer; nil for a function that was called with a stream or none.
    package let layer: StochasticState?
    /// Which masks.
    package let use: MaskUse
  }

  private struct Events {
    var draws: [Draw] = []
    var reluResults: [Tensor] = []
  }

  private let events = Mutex(Events())

  /// The trace that the current task reports to.
  @TaskLocal package static var current: ForwardTrace?

  /// An empty trace.
  package init() {}

  /// The draws, in their order.
  package var draws: [Draw] { events.withLock(\.draws) }
  /// The results of ReLU, in their order, with their history.
  package var reluResults: [Tensor] { events.withLock(\.reluResults) }

  func drew(_ layer: StochasticState?, _ use: MaskUse) {
    events.withLock { $0.draws.append(Draw(layer: layer, use: use)) }
  }

  func addReLU(_ result: Tensor) { events.withLock { $0.reluResults.append(result) } }
}

extension Node {
  /// This node and all nodes that it was made from, nearest first.
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
