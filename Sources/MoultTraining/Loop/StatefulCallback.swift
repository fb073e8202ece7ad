import MoultCore

/// A callback with a state that is saved and loaded, so that a run goes on to the same bits in another process.
///
/// A trainer's state holds the states of its callbacks of this kind, in their order.
public protocol StatefulCallback: Callback {
  /// The state of the callback.
  ///
  /// - Returns: Tensors by name; none is fine.
  func stateDictionary() -> [String: Tensor]

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of a callback of the same kind with the same settings.
  /// - Throws: An error of code `.badData` if it does not fit; then nothing has changed.
  mutating func load(_ state: [String: Tensor]) throws(MoultError)
}
