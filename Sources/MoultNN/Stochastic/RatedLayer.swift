import MoultCore

/// A stochastic layer with a probability of dropping that may change while it is in use, as a schedule does.
///
/// The rate is a number, not a parameter: optimizers, checkpoints and gradients never see it. Any task may read and set
/// it; a forward pass reads it once.
///
/// ```swift
/// final class DropPairs: Module, RatedLayer {
///   let dropoutState: DropoutState
///   init(_ rate: Double) { dropoutState = DropoutState(rate: rate, of: "DropPairs") }
///
///   func callAsFunction(_ x: Tensor) -> Tensor {
///     guard let draws = dropoutState.nextDraws() else { return x }    // evaluation, or a rate of 0
///     return draws.dropout(x.reshaped([x.shape[0], -1, 2]), sharing: .axes([2])).reshaped(x.shape)
///   }
/// }
/// ```
public protocol RatedLayer: StochasticLayer {
  /// The rate at which the layer drew a mask, where that is not its own: `diagnose(on:)` compares the mask with it.
  ///
  /// - Parameter mask: A mask that the layer drew.
  /// - Returns: The probability of dropping a unit of the mask; ``rate`` unless the layer says otherwise.
  func expectedRate(of mask: RecordedMask) -> Double
}

extension RatedLayer {
  /// The probability of *dropping* (not of keeping), 0 to 1. A change counts from the next call on.
  public var rate: Double {
    get { dropoutState.rate }
    set { dropoutState.rate = newValue }
  }

  /// The layer's own rate.
  public func expectedRate(of mask: RecordedMask) -> Double { rate }
}

/// The name of ``RatedLayer`` before layers kept a ``DropoutState``.
@available(*, deprecated, renamed: "RatedLayer")
public typealias HasRate = RatedLayer

/// Stops the program unless learning can begin at `rate`: the logarithms that are learned are infinite at 0 and 1.
func requireLearnableRate(_ rate: Double, _ layer: StaticString) {
  require(
    rate > 0 && rate < 1,
    "\(layer): expected a rate above 0 and below 1 to start from, got \(rate); it is learned")
}
