import MoultCore

/// A callback that must remember what it saw for a run to go on in another process as if nothing had happened.
///
/// A trainer's state holds the states of its callbacks of this kind, in their order.
public protocol StatefulCallback: Callback {
  /// What the callback remembers.
  ///
  /// - Returns: Tensors by name; none is fine.
  func stateDictionary() -> [String: Tensor]

  /// Puts back what `stateDictionary()` gave.
  ///
  /// - Parameter state: What a callback of the same kind with the same settings gave.
  /// - Throws: An error of code `.badData` if it does not fit; then nothing has changed.
  mutating func load(_ state: [String: Tensor]) throws(MoultError)
}
