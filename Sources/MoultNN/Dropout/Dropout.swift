import MoultCore

/// Zeroes each unit with probability `rate` in training and rescales the survivors; the identity in evaluation.
///
///     y[i] = m[i] ? x[i] / (1 - rate) : 0,   m[i] ~ Bernoulli(1 - rate)
///
/// Every use draws a new mask. The mask is a pure function of the seed, the layer's number, the step, the sample and
/// the unit (Documentation/MaskLaw.md), so it is never stored, and the batch split and the thread count cannot change
/// it.
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`.
/// - Gradient: `dx[i] = m[i] ? dy[i] / (1 - rate) : 0`, with the forward pass's mask.
/// - Edge cases: `rate == 0` returns `x` and draws nothing; `rate == 1` gives zeros with zero gradients. Dropped units
///   are replaced, not multiplied, so a NaN in one does not leak.
/// - Complexity: O(*n*) time, no memory kept for the backward pass.
/// - Source: [Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html).
public final class Dropout: Module, StochasticLayer, HasRate {
  /// The probability of *dropping* a unit. Whoever changes it, such as a schedule, changes the uses that follow.
  public var rate: Double {
    get { storedRate.value }
    set { storedRate.value = newValue }
  }
  /// The axis that runs over the samples.
  public let batchAxis: Int
  package let stochasticState: StochasticState
  private let storedRate: RateCell
  private let layerMode = LayerMode()

  /// Makes a layer in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a unit (not of keeping it), 0 to 1.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1, to pin it; else `train()` and `eval()`
  ///     number the layers of a model.
  ///   - batchAxis: The axis that runs over the samples.
  public init(_ rate: Double, stream: Int? = nil, batchAxis: Int = 0) {
    storedRate = RateCell(rate, of: "Dropout")
    self.batchAxis = batchAxis
    stochasticState = StochasticState(stream: stream)
  }

  /// The mode that counts now: that of freezing, of the innermost scope, or of the last `train()` or `eval()`.
  public var mode: Mode { layerMode.current }

  /// Applies the layer.
  ///
  /// - Parameter x: The input.
  /// - Returns: `x` with units dropped, or `x` itself in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    requireBatchAxis(batchAxis, of: x)
    let mode = layerMode.current, rate = self.rate
    if mode == .evaluation || rate == 0 { return x }
    return dropout(x, rate: rate, use: stochasticState.nextUse(mode), batchAxis: batchAxis)
  }
}

extension DropoutVariant {
  static let elementwise = DropoutVariant(
    "dropout", "zeroes each unit with the rate and rescales the rest",
    source: "Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html",
    place: .hidden { Dropout($0) },
    trial: VariantTrial(
      make: { rate, _ in Dropout(rate) }, shape: [6, 40], label: "Dropout", moments: { (1, $0 / (1 - $0)) }))
}
