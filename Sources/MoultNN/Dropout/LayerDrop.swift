import MoultCore

/// Skips a whole layer with probability `rate` in training; all of it, for all samples, and without computing it.
///
///     y = m ? layer(x) : x,   m ~ Bernoulli(1 - rate)
///
/// Nothing is rescaled: a network trained like this can be made shallower afterwards by leaving layers out.
///
/// - Shapes: `layer` keeps the shape of its input.
/// - Gradient: that of `layer`, or `dy` itself where it was skipped; its parameters then get none.
/// - Edge cases: `rate == 0` always computes the layer and draws nothing; `rate == 1` skips it in all of training.
/// - Law: unit 0 of sample 0: one bit a use, the same for all micro-batches of a step.
/// - Complexity: that of `layer`, or O(1) where it is skipped.
/// - Source: [Fan, Grave and Joulin 2020](https://arxiv.org/abs/1909.11556).
public final class LayerDrop<Layer: Module>: Module, RatedLayer
where Layer.Input == Tensor, Layer.Output == Tensor {
  /// The layer that is skipped at times.
  public let layer: Layer
  /// The layer's number, mode, rate and count of calls.
  public let dropoutState: DropoutState

  /// Wraps a layer, in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *skipping* the layer, 0 to 1.
  ///   - layer: The layer that is skipped at times.
  ///   - stream: The wrapper's number in the mask law, to pin it.
  public init(_ rate: Double, _ layer: Layer, stream: Int? = nil) {
    self.layer = layer
    dropoutState = DropoutState(rate: rate, of: "LayerDrop", draws: .perCall, stream: stream)
  }

  /// Applies the layer, or not.
  ///
  /// - Parameter x: The input.
  /// - Returns: `layer(x)`, or `x` where it is skipped.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    if let draws = dropoutState.nextDraws(), !draws.kept(rows: 1, units: 1).item(as: Bool.self) { return x }
    let y = layer(x)
    require(
      y.shape == x.shape, "LayerDrop: expected a layer that keeps the shape \(x.shape), got \(y.shape)")
    return y
  }
}

extension DropoutVariant {
  static let layerDrop = DropoutVariant(
    "layer-drop", "skips whole layers, a bit a step",
    source: "Fan, Grave and Joulin 2020, https://arxiv.org/abs/1909.11556",
    place: .needs("blocks that keep the shape of their input"))
}
