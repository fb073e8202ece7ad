import MoultCore

/// A layer that draws random numbers: it has a number in the mask law, a mode and a count of its calls.
///
/// A layer of your own conforms by keeping a ``DropoutState`` in a property. `train()`, `eval()` and the scopes of a
/// model then reach it, its masks are recorded and replayed, and checkpoints hold its count of calls:
///
/// ```swift
/// final class Jitter: Module, StochasticLayer {
///   let dropoutState = DropoutState()
///
///   func callAsFunction(_ x: Tensor) -> Tensor {
///     guard let draws = dropoutState.nextDraws() else { return x }    // evaluation
///     return x + draws.normal(x.shape, dtype: x.dtype) * 0.1
///   }
/// }
/// ```
///
/// A layer with a rate that schedules may change conforms to ``RatedLayer``.
public protocol StochasticLayer: AnyObject, Sendable {
  /// The layer's number, mode, rate and count of calls: one for the life of the layer.
  var dropoutState: DropoutState { get }
}

extension StochasticLayer {
  /// The mode that counts now: that of freezing, of the innermost scope, or of the last `train()` or `eval()`.
  public var mode: Mode { dropoutState.mode }
}

/// Whether the random numbers of a layer belong to the rows of the input or to the call; decides whether several Monte
/// Carlo passes can run as one batch.
public enum DrawPattern: Sendable, Hashable {
  /// To the rows of the input: each row has numbers of its own, or those of its pass. Rows of several passes can be one
  /// batch.
  case perRow
  /// To the call: a matrix of weights, a table of words, a layer that is skipped. One call serves one pass. All rows of
  /// a tensor have the same numbers, so a matrix of weights is flattened before it is dropped.
  case perCall
}
