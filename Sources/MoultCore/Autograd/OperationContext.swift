/// What each operation asks of its task, under one task-local value.
struct OperationContext: Sendable {
  /// Whether operations record nodes of the graph.
  var recordsGradients = true
  /// The trace that layers report their mask calls to.
  var trace: ForwardTrace?
  /// Whether operations report to the trace too. They do not inside a custom operation.
  var reportsOperations = true

  /// The trace that operations report to.
  var operationTrace: ForwardTrace? { reportsOperations ? trace : nil }

  @TaskLocal static var current = OperationContext()

  /// The current context with gradients on or off.
  static func with(gradients: Bool) -> OperationContext {
    OperationContext(
      recordsGradients: gradients, trace: current.trace, reportsOperations: current.reportsOperations)
  }

  /// The current context with another trace.
  static func with(trace: ForwardTrace?) -> OperationContext {
    OperationContext(recordsGradients: current.recordsGradients, trace: trace)
  }
}

/// Whether gradients are on in this task: operations then record nodes of the graph.
package var gradientsEnabled: Bool { OperationContext.current.recordsGradients }

/// Turns gradients and reports of operations off for `body`, the inside of a custom operation.
func withoutRecording<R>(_ body: () throws -> R) rethrows -> R {
  try OperationContext.$current.withValue(
    OperationContext(recordsGradients: false, trace: OperationContext.current.trace, reportsOperations: false),
    operation: body)
}

/// Turns gradients on or off for `body`, in this task and the tasks that it starts.
///
///     let scores = withGradients(false) { model(inputs) }    // no graph, no memory kept
///
/// The previous setting is restored when `body` ends, even if it throws. Scopes nest.
public func withGradients<R>(_ enabled: Bool, _ body: () throws -> R) rethrows -> R {
  try OperationContext.$current.withValue(.with(gradients: enabled), operation: body)
}

/// Turns gradients on or off for an asynchronous `body`, in this task and the tasks that it starts.
public func withGradients<R>(
  _ enabled: Bool, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  try await OperationContext.$current.withValue(.with(gradients: enabled), operation: body)
}
