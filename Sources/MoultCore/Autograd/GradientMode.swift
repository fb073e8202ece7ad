/// The setting that turns the recording of gradient history on or off.
enum GradientMode {
  @TaskLocal static var isEnabled = true
}

/// Whether gradients are on in this task: operations then record nodes of the graph.
package var gradientsEnabled: Bool { GradientMode.isEnabled }

/// Turns gradients on or off for `body`, in this task and the tasks that it starts.
///
///     let scores = withGradients(false) { model(inputs) }    // no graph, no memory kept
///
/// The previous setting is restored when `body` ends, even if it throws. Scopes nest.
public func withGradients<R>(_ enabled: Bool, _ body: () throws -> R) rethrows -> R {
  try GradientMode.$isEnabled.withValue(enabled, operation: body)
}

/// Turns gradients on or off for an asynchronous `body`, in this task and the tasks that it starts.
public func withGradients<R>(
  _ enabled: Bool, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  try await GradientMode.$isEnabled.withValue(enabled, operation: body)
}
