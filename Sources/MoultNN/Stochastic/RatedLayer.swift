import MoultCore

/// A stochastic layer with a dropout rate that can be changed, for example by a schedule.
///
/// The rate is not a parameter: it has no gradient, and optimizers and checkpoints do not set it; a file of weights
/// stores it only so that loading can compare it. Any task may read and set it; a forward pass reads it once.
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
  /// Returns the rate at which the layer should have drawn a mask, if it differs from the layer's rate. `diagnose(on:)`
  /// compares the mask with it.
  ///
  /// - Parameter mask: A mask that the layer has drawn.
  /// - Returns: The probability of dropping a unit of the mask; by default ``rate``.
  func expectedRate(of mask: RecordedMask) -> Double
}

extension RatedLayer {
  /// The probability of *dropping* (not of keeping), 0 to 1. A new rate takes effect at the next call of the layer.
  public var rate: Double {
    get { dropoutState.rate }
    set { dropoutState.rate = newValue }
  }

  /// Returns the rate of the layer.
  public func expectedRate(of mask: RecordedMask) -> Double { rate }
}

/// The former name of ``RatedLayer``.
@available(*, deprecated, renamed: "RatedLayer")
public typealias HasRate = RatedLayer

/// Stops the program unless `rate` is above 0 and below 1, the range of the initial value of a learned rate: its logit
/// is infinite at 0 and 1.
func requireLearnableRate(_ rate: Double, _ layer: StaticString) {
  require(
    rate > 0 && rate < 1,
    "\(layer): expected a rate above 0 and below 1 to start from, got \(rate); it is learned")
}
