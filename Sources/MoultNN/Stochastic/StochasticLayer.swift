import MoultCore

/// A layer that draws random numbers. It has a layer number in the mask law (Documentation/MaskLaw.md), a mode and a
/// count of its calls.
///
/// To conform, a layer stores a ``DropoutState`` in a property. Then `train()`, `eval()` and scopes of a model set its
/// mode, its masks can be recorded and replayed, and checkpoints store its count of calls:
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
/// A layer with a rate that schedules can set conforms to ``RatedLayer``.
public protocol StochasticLayer: AnyObject, Sendable {
  /// The layer number, mode, rate and count of calls; the same object for the lifetime of the layer.
  var dropoutState: DropoutState { get }
}

extension StochasticLayer {
  /// The current mode: the fixed mode if there is one, else the mode of the innermost scope (such as `sampling { }`)
  /// that includes the layer, else the mode that `train()` or `eval()` set last.
  public var mode: Mode { dropoutState.mode }
}

/// Whether a layer draws random numbers for each row of its input or once per call. The pattern decides whether several
/// Monte Carlo passes can run as one batch.
public enum DrawPattern: Sendable, Hashable {
  /// The layer draws for the rows of its input: each row has numbers of its own, or all rows of a pass share them.
  /// Several passes can run as one batch.
  case perRow
  /// The layer draws once per call, for example for a weight matrix, for an embedding table, or to skip the whole
  /// layer. A call serves one pass only. All rows of a tensor get the same numbers, so flatten a weight matrix before
  /// its weights are dropped.
  case perCall
}
