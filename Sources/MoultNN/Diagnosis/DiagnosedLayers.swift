import MoultCore

/// A layer whose realised rate can be counted, for `diagnose(on:)` to look at.
package protocol CountableDropout: StochasticLayer, HasRate {
  /// Whether each unit of `[N, D]` is drawn by itself, and of inputs that are 1 what is dropped comes out lower than what
  /// is kept.
  var dropsUnitsAlone: Bool { get }
}

/// A layer that computes statistics of its batch, such as batch normalisation, for `diagnose(on:)` to look at.
///
/// It calls `reportStatistics(of:)` in its forward pass.
package protocol BatchStatisticsLayer: AnyObject, Sendable {}

extension BatchStatisticsLayer {
  /// Tells whoever looks into the model what comes into this layer.
  package func reportStatistics(of input: Tensor) { ForwardTrace.current?.normalized(input, by: self) }
}

/// Recurrent layers one above the other with dropout in between, for `diagnose(on:)` to look at.
package protocol RecurrentStack: AnyObject, Sendable {
  /// The number of layers.
  var layerCount: Int { get }
  /// The probability of dropping an output of every layer but the last.
  var dropoutBetweenLayers: Double { get }
}

extension Dropout: CountableDropout {
  package var dropsUnitsAlone: Bool { sharing == .elementwise || sharing == .channels }
}

extension AlphaDropout: CountableDropout {
  package var dropsUnitsAlone: Bool { sharing == .elementwise || sharing == .channels }
}
