/// Whether operations record where their results came from.
enum GradientMode {
  @TaskLocal static var isEnabled = true
}

/// Whether gradients are on in this task.
package var gradientsEnabled: Bool { GradientMode.isEnabled }

/// Turns gradients on or off for `body`, in this task and the ones it starts.
///
///     let scores = withGradients(false) { model(inputs) }    // no graph, no memory kept
///
/// The setting of before comes back when `body` ends, even by a throw. Scopes nest.
public func withGradients<R>(_ enabled: Bool, _ body: () throws -> R) rethrows -> R {
  try GradientMode.$isEnabled.withValue(enabled, operation: body)
}

/// Turns gradients on or off for an asynchronous `body`.
public func withGradients<R>(
  _ enabled: Bool, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  try await GradientMode.$isEnabled.withValue(enabled, operation: body)
}
