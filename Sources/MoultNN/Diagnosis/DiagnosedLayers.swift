import MoultCore

/// A layer that computes statistics of its batch, such as batch normalization, for `diagnose(on:)` to look at.
///
/// Moult has no such layer yet. One of your own conforms and calls `reportStatistics(of:)` in its forward pass; else
/// `diagnose(on:)` cannot know what it is.
public protocol BatchStatisticsLayer: AnyObject, Sendable {}

extension BatchStatisticsLayer {
  /// Tells whoever looks into the model what comes into this layer.
  ///
  /// - Parameter input: What the statistics are taken of.
  /// - Complexity: a look at a task-local value where nobody does.
  public func reportStatistics(of input: Tensor) { ForwardTrace.current?.normalized(input, by: self) }
}

/// Recurrent layers one above the other with dropout in between, for `diagnose(on:)` to look at.
///
/// Moult has no such layer yet; one of your own conforms to be looked at.
public protocol RecurrentStack: AnyObject, Sendable {
  /// The number of layers.
  var layerCount: Int { get }
  /// The probability of dropping an output of every layer but the last.
  var dropoutBetweenLayers: Double { get }
}

/// A layer that may leave out whatever it holds for a whole pass: it keeps unit 0 of its mask if it does not.
protocol SkippingLayer: StochasticLayer {}

extension LayerDrop: SkippingLayer {}

/// A layer whose results have a greater variance in training than in evaluation, unit by unit, and so spoil the batch
/// statistics behind it.
///
/// Not among them are layers that drop whole samples of a branch or whole layers, which stochastic depth puts into
/// networks with batch normalization on purpose; `AlphaDropout`, which keeps the variance; and changes of the inputs.
///
/// - Source: [Li et al. 2018](https://arxiv.org/abs/1801.05134).
protocol VarianceShiftingLayer: StochasticLayer {}

extension Dropout: VarianceShiftingLayer {}
extension GaussianDropout: VarianceShiftingLayer {}
extension ConcreteDropout: VarianceShiftingLayer {}
extension VariationalDropout: VarianceShiftingLayer {}
extension VariationalLinear: VarianceShiftingLayer {}
extension DropBlock: VarianceShiftingLayer {}
extension DropConnect: VarianceShiftingLayer {}
extension Standout: VarianceShiftingLayer {}

/// A layer that draws its masks at another rate than its own.
protocol MaskRateDeriving: HasRate {
  /// The probability of dropping a unit of `mask`.
  func rate(of mask: RecordedMask) -> Double
}

extension DropBlock: MaskRateDeriving {
  /// γ, of the middles of blocks: it depends on the size of the map that came in, which the mask alone knows.
  func rate(of mask: RecordedMask) -> Double { mask.rate }
}
