/// The settings of a task that layers read while they run, in one task-local value: the modes of layers, the collected
/// loss terms, and the receiver of warnings.
package final class LayerContext: Sendable {
  /// The innermost `evaluating { }` or `sampling { }`; nil outside.
  let modes: ModeScope?
  /// Nil where no terms are collected.
  let lossTerms: LossTerms?
  /// Receives warnings instead of standard error; nil for standard error.
  let warnings: (@Sendable (String) -> Void)?

  @TaskLocal static var current: LayerContext?

  private init(modes: ModeScope?, lossTerms: LossTerms?, warnings: (@Sendable (String) -> Void)?) {
    (self.modes, self.lossTerms, self.warnings) = (modes, lossTerms, warnings)
  }

  /// The current context with another mode.
  static func with(_ modes: ModeScope) -> LayerContext {
    LayerContext(modes: modes, lossTerms: current?.lossTerms, warnings: current?.warnings)
  }

  /// The current context with other loss terms.
  static func with(_ lossTerms: LossTerms) -> LayerContext {
    LayerContext(modes: current?.modes, lossTerms: lossTerms, warnings: current?.warnings)
  }

  /// Runs `body` and hands its warnings to `warnings` instead of standard error.
  package static func receivingWarnings<R>(
    _ warnings: @escaping @Sendable (String) -> Void, _ body: () throws -> R
  ) rethrows -> R {
    let context = LayerContext(modes: current?.modes, lossTerms: current?.lossTerms, warnings: warnings)
    return try $current.withValue(context, operation: body)
  }
}
