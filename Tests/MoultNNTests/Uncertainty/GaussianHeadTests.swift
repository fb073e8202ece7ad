import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct GaussianHeadTests {
  /// Noise of deviation 0.1 on one side and 1 on the other: the model learns where its data scatter.
  @Test func itLearnsWhereTheDataScatter() {
    let x = Tensor((0..<400).map { $0 < 200 ? -1 : 1 } as [Float], shape: [400, 1])
    let deviation = select(x .> 0, Tensor.full([400, 1], 1), Tensor.full([400, 1], 0.1))
    let y = x * 3 + deviation * Tensor.randomNormal([400, 1], seed: 8)
    let model = withSeed(1) { Sequential(Linear(1, 16), Tanh(), GaussianHead(16, 1)) }
    model.train()
    let optimizer = Adam(model.parameters(), learningRate: 0.02)
    for _ in 0..<400 { optimizer.step(minimizing: gaussianNegativeLogLikelihood(model(x), y)) }
    let answer = model.predict(Tensor([[-1], [1]]), passes: 3, as: .heteroscedasticRegression)
    let (means, noises) = (answer.mean.scalars(as: Float.self), answer.noiseVariance.scalars(as: Float.self))
    expectTrue(abs(means[0] + 3) < 0.1 && abs(means[1] - 3) < 0.3)
    expectTrue(noises[0] > 0.005 && noises[0] < 0.02 && noises[1] > 0.6 && noises[1] < 1.5)
    expectEqual(answer.variance, .zeros([2, 1]))
  }
}
