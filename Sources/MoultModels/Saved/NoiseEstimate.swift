import MoultCore
import MoultFormats
import MoultNN
import MoultTraining

/// The noise of a predicted number around the output of the network, in standardized units.
public struct NoiseEstimate: Sendable, Equatable {
  /// The variance that the spread of passes with dropout does not explain.
  public let variance: Double
  /// The whole variance around one pass with dropout off.
  public let residualVariance: Double

  init(variance: Double, residualVariance: Double) {
    (self.variance, self.residualVariance) = (variance, residualVariance)
  }

  /// The passes of the estimate, and the smallest fraction of the squared error that counts as noise.
  private static let passes = 50, smallestFraction = 0.01

  /// Estimates the noise from the errors on validation samples.
  ///
  /// The spread of passes with dropout is subtracted, so that spread and noise together are the observed variance:
  ///
  ///     variance = mean (y - mean of passes)² - mean (variance of passes)
  ///     residualVariance = mean (y - output)²
  ///
  /// - Parameter validation: Samples with standardized labels `[N, 1]`.
  package init(of model: some Module<Tensor, Tensor>, on validation: Dataset) {
    let targets = validation.labels.scalars(as: Double.self), count = Double(targets.count)
    let prediction = model.predict(validation.inputs, passes: Self.passes, as: .regression)
    let squares = zip(prediction.mean.scalars(as: Double.self), targets)
      .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let spread = prediction.variance.scalars(as: Double.self).reduce(0, +)
    let meanSquare = max(squares / count, 1e-12)
    let loss = model.evaluate(on: validation) { meanSquaredError($0, $1) }.loss
    self.init(
      variance: max((squares - spread) / count, Self.smallestFraction * meanSquare),
      residualVariance: max(loss, 1e-12))
  }

  /// The estimate as a model file has it.
  var json: JSONOutput { ["variance": .number(variance), "residual_variance": .number(residualVariance)] }

  /// Reads ``json``; nil for anything but two positive variances.
  init?(json text: String) {
    guard case .object(let members) = JSONValue(text), let variance = members["variance"]?.double,
      let residual = members["residual_variance"]?.double, variance > 0, residual > 0, (variance + residual).isFinite
    else { return nil }
    self.init(variance: variance, residualVariance: residual)
  }
}
