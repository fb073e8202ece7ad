import MoultCore

/// The relation between dropout rate, prior length scale, observation noise and weight decay under which the dropout
/// passes of a regression approximate Bayesian inference. Given the number of training samples, three of the four
/// values determine the fourth.
///
///     penalty = lengthScale² · (1 - rate) / (2 · sampleCount · noisePrecision)
///
/// The training objective is `½ (y - f(x))²`, averaged over the samples, plus `penalty · Σ w²`, summed over the weights
/// of all layers whose inputs are dropped.
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
  /// The probability of *dropping* a unit, from 0 to below 1.
  public let rate: Double
  /// The prior length scale `l`, above 0: the distance between inputs beyond which outputs are nearly uncorrelated.
  /// Larger values mean smoother functions.
  public let lengthScale: Double
  /// The precision τ of the observation noise, above 0: the inverse of its variance.
  public let noisePrecision: Double
  /// The number of training samples.
  public let sampleCount: Int

  /// Makes the relation from a known observation noise.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a unit, from 0 to below 1.
  ///   - lengthScale: The prior length scale, above 0.
  ///   - noisePrecision: The precision of the observation noise (the inverse of its variance), above 0.
  ///   - sampleCount: The number of training samples, at least 1.
  public init(rate: Double, lengthScale: Double, noisePrecision: Double, sampleCount: Int) {
    Self.check(rate, lengthScale, noisePrecision, "a noisePrecision", sampleCount)
    (self.rate, self.lengthScale, self.noisePrecision) = (rate, lengthScale, noisePrecision)
    self.sampleCount = sampleCount
  }

  /// Makes the relation from a known penalty, which determines the observation noise.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a unit, from 0 to below 1.
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

  /// The factor of Σ w² in an objective with the mean of ½ (y - f(x))².
  public var penalty: Double {
    lengthScale * lengthScale * (1 - rate) / (2 * Double(sampleCount) * noisePrecision)
  }

  /// The `weightDecay` of an optimizer for the loss ``meanSquaredError(_:_:)`` of one output: 4 · `penalty`. This loss
  /// has no factor ½, so the penalty doubles to `2 · penalty · Σ w²`, whose gradient is `4 · penalty · w`.
  public var weightDecay: Double { 4 * penalty }

  /// The `weightDecay` of the program that the authors published: 2 · `penalty`, half of ``weightDecay``. The program
  /// adds `penalty · Σ w²` to the mean of (y - f(x))², without the factor ½ of the paper. Use it to reproduce the
  /// results of the paper.
  public var publishedWeightDecay: Double { 2 * penalty }
}
