import MoultCore
import MoultFormats
import MoultNN
import MoultTraining

/// The estimated noise variance of a regression's target around the network's output, for standardized targets.
public struct NoiseEstimate: Sendable, Equatable {
  /// The noise variance that predictions with dropout on add to the variance between passes.
  public let variance: Double
  /// The mean squared error of the output with dropout off, which is the variance of predictions without passes.
  public let residualVariance: Double

  init(variance: Double, residualVariance: Double) {
    (self.variance, self.residualVariance) = (variance, residualVariance)
  }

  /// The number of stochastic forward passes of the estimate, and the smallest fraction of the mean squared error that
  /// `variance` can be.
  private static let passes = 50, smallestFraction = 0.01

  /// Estimates the noise from the errors on validation samples.
  ///
  /// The variance between passes is subtracted, so that it and the noise variance add up to the observed squared error:
  ///
  ///     variance = mean (y - mean of passes)² - mean (variance of passes)
  ///     residualVariance = mean (y - output)²
  ///
  /// - Parameters:
  ///   - model: The trained network.
  ///   - validation: Validation samples with standardized labels `[N, 1]`.
  package init(of model: some Module<Tensor, Tensor>, on validation: TensorDataset) {
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

  /// The estimate as JSON, as it is stored in a model file.
  var json: JSONOutput { ["variance": .number(variance), "residual_variance": .number(residualVariance)] }

  /// Creates an estimate from the text of ``json``; nil unless it has two positive, finite variances.
  init?(json text: String) {
    guard case .object(let members) = JSONValue(text), let variance = members["variance"]?.double,
      let residual = members["residual_variance"]?.double, variance > 0, residual > 0, (variance + residual).isFinite
    else { return nil }
    self.init(variance: variance, residualVariance: residual)
  }
}
