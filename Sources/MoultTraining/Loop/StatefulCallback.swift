import MoultCore

/// A callback whose state is saved and loaded with the training, so that a run resumed in another process gives the
/// same bits.
///
/// The state of a trainer includes the states of its stateful callbacks in their order.
public protocol StatefulCallback: Callback {
  /// Returns the state of the callback.
  ///
  /// - Returns: Tensors by name; may be empty.
  func stateDictionary() -> [String: Tensor]

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of a callback of the same kind with the same settings.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  mutating func load(_ state: [String: Tensor]) throws(MoultError)
}
