import MoultCore

/// The relation of dropout rate, length scale, observation noise and weight decay of a regression under which dropout
/// is approximate Bayesian inference: three of them and the number of training samples give the fourth.
///
///     penalty = lengthScale² · (1 - rate) / (2 · sampleCount · noisePrecision)
///
/// The objective is `mean of ½ (y - f(x))² + penalty · Σ w²`, over the samples and over the weights of all layers
/// before which units are dropped.
///
/// ```swift
/// let posterior = DropoutPosterior(rate: 0.05, lengthScale: 0.01, noisePrecision: 0.1, sampleCount: 455)
/// let optimizer = Adam(model.parameters(), learningRate: 0.001, weightDecay: posterior.weightDecay)
/// // train with meanSquaredError, then
/// let prediction = model.predict(
///   x, passes: 10_000, as: .regression, targets: ObservedTargets(y, noise: .precision(posterior.noisePrecision)))
/// print(prediction.predictiveVariance(noisePrecision: posterior.noisePrecision), prediction.logLikelihood.mean())
/// ```
///
/// - Source: [Gal and Ghahramani 2016](https://arxiv.org/abs/1506.02142), equation 7, where `p` is the probability of
///   keeping a unit.
public struct DropoutPosterior: Sendable, Equatable {
  /// The probability of *dropping* a unit.
  public let rate: Double
  /// The prior length scale `l`: how far inputs must be apart for outputs to be unrelated, a large one for smooth
  /// functions.
  public let lengthScale: Double
  /// The precision τ of the observation noise, the inverse of its variance.
  public let noisePrecision: Double
  /// The number of training samples.
  public let sampleCount: Int

  /// Makes the relation for a known observation noise.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a unit, 0 to 1 without 1.
  ///   - lengthScale: The prior length scale, above 0.
  ///   - noisePrecision: The precision of the observation noise, above 0.
  ///   - sampleCount: The number of training samples, at least 1.
  public init(rate: Double, lengthScale: Double, noisePrecision: Double, sampleCount: Int) {
    Self.check(rate, lengthScale, noisePrecision, "a noisePrecision", sampleCount)
    (self.rate, self.lengthScale, self.noisePrecision) = (rate, lengthScale, noisePrecision)
    self.sampleCount = sampleCount
  }

  /// Makes the relation for a known penalty, which stands for an observation noise.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a unit, 0 to 1 without 1.
  ///   - lengthScale: The prior length scale, above 0.
  ///   - penalty: The factor of Σ w² in the objective, above 0.
  ///   - sampleCount: The number of training samples, at least 1.
  public init(rate: Double, lengthScale: Double, penalty: Double, sampleCount: Int) {
    Self.check(rate, lengthScale, penalty, "a penalty", sampleCount)
    self.init(
      rate: rate, lengthScale: lengthScale,
      noisePrecision: lengthScale * lengthScale * (1 - rate) / (2 * Double(sampleCount) * penalty),
      sampleCount: sampleCount)
  }

  private static func check(
    _ rate: Double, _ lengthScale: Double, _ third: Double, _ name: String, _ sampleCount: Int
  ) {
    require((0..<1).contains(rate), "DropoutPosterior: expected a rate in 0..<1, got \(rate)")
    require(lengthScale > 0, "DropoutPosterior: expected a lengthScale above 0, got \(lengthScale)")
    require(third > 0, "DropoutPosterior: expected \(name) above 0, got \(third)")
    require(sampleCount >= 1, "DropoutPosterior: expected a sampleCount of at least 1, got \(sampleCount)")
  }

  /// The factor of Σ w² beside the mean of ½ (y - f(x))².
  public var penalty: Double {
    lengthScale * lengthScale * (1 - rate) / (2 * Double(sampleCount) * noisePrecision)
  }

  /// The `weightDecay` of an optimizer for ``meanSquaredError(_:_:)`` of one output, which has no ½: the
  /// gradient of `2 · penalty · Σ w²`.
  public var weightDecay: Double { 4 * penalty }

  /// The same as in the authors' program, which puts `penalty · Σ w²` beside the mean of (y - f(x))², without the ½ of
  /// the paper: half of ``weightDecay``. Use it to reproduce the figures of the paper.
  public var publishedWeightDecay: Double { 2 * penalty }
}
