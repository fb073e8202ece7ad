import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Monte Carlo against theory, where theory is known.
@Suite struct ClosedFormTests {
  /// A linear network over dropped inputs: `y = b + Σ w[i] · x[i] · m[i] / (1 - rate)` is a sum of independent coins.
  ///
  /// At 10^5 passes, within 5 standard errors of mean and variance; a variance wrong by a fortieth would be found.
  @Test(arguments: [0.1, 0.5, 0.8]) func aLinearNetworkMeetsTheory(rate: Double) {
    let passes = 100_000, layer = withSeed(1) { Linear(16, 3) }, model = Sequential(Dropout(rate, stream: 5), layer)
    let x = Tensor.randomNormal([4, 16], seed: 3)
    let answer = withSeed(4) { model.predict(x, passes: passes, as: .regression) }
    let keep = 1 - rate, coin = keep * rate
    let (weights, biases) = (layer.weight.value.scalars(as: Double.self), layer.bias?.value.scalars(as: Double.self))
    let inputs = x.scalars(as: Double.self)
    let (means, variances) = (answer.mean.scalars(as: Double.self), answer.variance.scalars(as: Double.self))
    for row in 0..<4 {
      for output in 0..<3 {
        var mean = biases?[output] ?? 0, variance = 0.0, fourth = 0.0
        for i in 0..<16 {
          let term = weights[output * 16 + i] * inputs[row * 16 + i]
          mean += term
          variance += term * term * rate / keep
          let square = term / keep * term / keep
          fourth += square * square * coin * (1 - 6 * coin)
        }
        let at = row * 3 + output, count = Double(passes)
        let errorOfMean = (variance / count).squareRoot()
        // The variance of a sample variance is (μ4 - σ⁴) / T, and μ4 = κ4 + 3 σ⁴.
        let errorOfVariance = ((fourth + 2 * variance * variance) / count).squareRoot()
        expectLess(abs(means[at] - mean), 5 * errorOfMean)
        expectLess(abs(variances[at] - variance), 5 * errorOfVariance)
        let reported = Double(answer.standardError.scalars(as: Float.self)[at])
        expectLess(abs(reported / errorOfMean - 1), 0.05)
      }
    }
  }

  /// Gaussian dropout of the same network is normal, so the mixture's log-likelihood has a closed form too.
  @Test func aGaussianMixtureMeetsTheory() {
    let model = GaussianDropout(0.5), x = Tensor([2] as [Float], shape: [1, 1]), precision = 0.5, target = 3.0
    model.eval()
    let answer = model.predict(
      x, passes: 100_000, as: .regression,
      targets: ObservedTargets(Tensor([target], shape: [1, 1]), noise: .precision(precision)))
    // y ~ N(2, 2² · rate / (1 - rate)) and noise of variance 2: N(3; 2, 6), whose log-density is -1/12 - ½ log(12π).
    let wanted = -1 / 12.0 - 0.5 * 3.6296062
    expectLess(abs(Double(answer.logLikelihood.item()) - wanted), 0.005)
  }
}
