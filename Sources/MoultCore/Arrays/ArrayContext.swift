/// What the array operations of a task have in common: their threads, and what records their products.
///
/// Both are in one task-local value, since reading one costs 10 to 20 ns. A context is immutable; a scope makes a new
/// one from the current one with one part replaced.
struct ArrayContext: Sendable {
  /// The threads that the work may use; nil for the shared pool.
  var budget: ThreadBudget?
  /// The recorder of matrix products; nil if none is active.
  var recorder: ProductRecorder?

  @TaskLocal static var current = ArrayContext()

  /// The current context with one part replaced.
  static func current<Part>(with part: WritableKeyPath<ArrayContext, Part>, _ value: Part) -> ArrayContext {
    var context = current
    context[keyPath: part] = value
    return context
  }
}
