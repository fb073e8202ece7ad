import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct RegularizerTests {
  @Test func pricesAreKeras() throws {
    for (name, regularizer) in [
      ("l1", L1(0.03) as any Regularizer), ("l2", L2(0.07)), ("l1l2", ElasticNet(l1: 0.03, l2: 0.07)),
    ] {
      let cases = try KerasReference.cases(name)
      expectEqual(cases.count, 3)
      for known in cases { expectTrue(isClose(regularizer(known.kernel.tensor), known.result.values, tolerance: 2e-6)) }
    }
  }

  @Test func gradientsAgreeWithDifferences() {
    for shape in [[0], [7], [3, 5]] {
      let x = samples(shape)
      expectTrue(gradientErrors("L1", at: [x]) { L1(0.3)($0[0]) }.isEmpty)
      expectTrue(gradientErrors("L2", at: [x]) { L2(0.3)($0[0]) }.isEmpty)
      expectTrue(gradientErrors("ElasticNet", at: [x]) { ElasticNet(l1: 0.3, l2: 0.2)($0[0]) }.isEmpty)
    }
  }

  @Test func zeroHasNoGradient() {
    let w = parameter([0, -2, 3])
    L1(0.5)([w]).backward()
    expectEqual(w.gradient, Tensor([0, -0.5, 0.5], shape: [3]))
  }

  @Test func weightsAreWhatHasTwoAxesOrMore() {
    let model = SimpleMLP(inputSize: 3, hiddenSize: 4, outputSize: 2)
    expectEqual(model.weights().map(\.shape), [[4, 3], [4, 4], [2, 4]])
    let sum = model.weights().reduce(0) { $0 + L2(0.1)($1.value).item(as: Double.self) }
    expectLess(abs(model.penalty(L2(0.1)).item(as: Double.self) - sum), 1e-6)
  }

  @Test func l2IsWeightDecayOfTwiceItsStrength() throws {
    let models = (0..<2).map { _ in
      withSeed(5) { SimpleMLP(inputSize: 4, hiddenSize: 6, outputSize: 3, dropoutRate: 0) }
    }
    let (x, labels) = (Tensor.randomNormal([8, 4], seed: 1), Tensor(labels: [0, 1, 2, 0, 1, 2, 0, 1]))
    let priced = SGD(models[0].weights(), learningRate: 0.1, momentum: 0.9)
    let decayed = SGD(models[1].weights(), learningRate: 0.1, momentum: 0.9, weightDecay: 0.2)
    for _ in 0..<10 {
      priced.step(minimizing: crossEntropy(models[0](x), labels) + models[0].penalty(L2(0.1)))
      decayed.step(minimizing: crossEntropy(models[1](x), labels))
    }
    for (a, b) in zip(priced.parameters, decayed.parameters) {
      expectTrue(mismatches(a.value, b.value.detached(), absolute: 1e-5).isEmpty)
    }
  }

  @Test func strengthsThatAreNoneAreRefused() async {
    let l2 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = L2(.nan) }
    expectTrue(message(l2).contains("L2: expected a strength >= 0, got nan"))
    let l1 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = L1(-1) }
    expectTrue(message(l1).contains("L1: expected a strength >= 0, got -1.0"))
    let elastic = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ElasticNet(l1: 1, l2: .infinity)
    }
    expectTrue(message(elastic).contains("ElasticNet: expected a strength >= 0, got inf"))
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = L1(1)([]) }
    expectTrue(message(none).contains("L1: expected parameters, got none"))
  }
}
