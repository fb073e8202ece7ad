import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct GaussianNegativeLogLikelihoodTests {
  @Test func itIsWhatSciPySays() throws {
    let known = try UncertaintyReference.load().heteroscedastic
    let targets = try unwrapped(known.targets), wanted = try unwrapped(known.loss)
    let loss = gaussianNegativeLogLikelihood(known.passes.tensor[0], targets.tensor)
    expectTrue(isClose(loss, [wanted]) && loss.shape == [])
  }

  /// e^90 is more than Float32 has; an exact fit is one nevertheless.
  @Test func anExactFitOfAlmostNoNoiseIsFinite() {
    let outputs = Tensor([[1, -90]]).requiringGradient(), loss = gaussianNegativeLogLikelihood(outputs, Tensor([[1]]))
    loss.backward()
    expectLess(abs(loss.item() - (-90 + 1.8378771) / 2), 1e-4)
    expectEqual(outputs.gradient, Tensor([[0, 0.5]]))
  }

  @Test func gradients() {
    let targets = Tensor.randomNormal([4, 2], dtype: .float64, seed: 1)
    let errors = gradientErrors(
      "gaussianNegativeLogLikelihood", at: [samples([4, 4], in: -1..<1, dtype: .float64)]
    ) { gaussianNegativeLogLikelihood($0[0], targets.cast(to: $0[0].dtype)) }
    expectTrue(errors.isEmpty)
  }

  @Test func otherShapesAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gaussianNegativeLogLikelihood(.ones([3, 2]), .ones([3, 2]))
    }
    expectTrue(message(result).contains("expected outputs: [N, 2 · D] and targets: [N, D], got [3, 2] and [3, 2]"))
  }
}
