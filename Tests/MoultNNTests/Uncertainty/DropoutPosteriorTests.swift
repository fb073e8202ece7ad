import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct DropoutPosteriorTests {
  @Test func theTermsHangTogetherAsPublished() {
    let posterior = DropoutPosterior(rate: 0.05, lengthScale: 0.01, noisePrecision: 0.1, sampleCount: 455)
    // The authors' net.py: reg = lengthscale**2 * (1 - dropout) / (2. * N * tau), for Keras's l2(reg) beside its mse.
    expectLess(abs(posterior.penalty - 1.0439560439560441e-6), 1e-20)
    expectEqual(posterior.publishedWeightDecay, 2 * posterior.penalty)
    let back = DropoutPosterior(rate: 0.05, lengthScale: 0.01, penalty: posterior.penalty, sampleCount: 455)
    expectLess(abs(back.noisePrecision - 0.1), 1e-15)
  }

  /// The optimizer's decay is the gradient of the penalty: with it, a step is the step on the whole objective.
  @Test func weightDecayIsTheGradientOfTheObjective() {
    let posterior = DropoutPosterior(rate: 0.2, lengthScale: 1.5, noisePrecision: 0.7, sampleCount: 8)
    let x = Tensor.randomNormal([8, 3], dtype: .float64, seed: 1),
      y = Tensor.randomNormal([8, 1], dtype: .float64, seed: 2)
    func layer() -> Linear { withSeed(3) { Linear(3, 1, bias: false, dtype: .float64) } }
    let decayed = layer(), penalised = layer()
    SGD(decayed.parameters(), learningRate: 0.1, weightDecay: posterior.weightDecay)
      .step(minimizing: meanSquaredError(decayed(x), y))
    let error = y - penalised(x), weights = penalised.weight.value
    let objective = (error * error).mean() / 2 + (weights * weights).sum() * posterior.penalty
    SGD(penalised.parameters(), learningRate: 0.1).step(minimizing: objective * 2)
    expectTrue(isClose(decayed.weight.value, penalised.weight.value.scalars(as: Double.self), tolerance: 1e-14))
  }

  @Test func impossibleOnesAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DropoutPosterior(rate: 1, lengthScale: 1, noisePrecision: 1, sampleCount: 10)
    }
    expectTrue(message(result).contains("DropoutPosterior: expected a rate in 0..<1, got 1.0"))
  }
}
