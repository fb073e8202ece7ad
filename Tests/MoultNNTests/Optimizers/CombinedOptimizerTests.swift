import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct CombinedOptimizerTests {
  @Test func settingsAreScaledTogether() {
    let (first, second) = (SGD([parameter([1])], learningRate: 0.3), AdamW([parameter([1])], learningRate: 0.7))
    let combined = CombinedOptimizer([first, second])
    combined.learningRate = 0.1
    expectEqual([combined.learningRate, first.learningRate], [0.1, 0.1])
    expectLess(abs(second.learningRate - 0.7 / 3), 1e-15)
    combined.learningRate = 0
    expectEqual(second.learningRate, 0)
    combined.learningRate = 0.3
    expectEqual(second.learningRate, 0.7)
    combined.weightDecay = 0
    expectEqual(second.weightDecay, 0.01)
  }

  @Test func aStateThatOneOfThemRefusesChangesNone() throws {
    let weights = (0..<2).map { _ in parameter([1, 2]) }
    func make(_ rate: Double) -> CombinedOptimizer {
      CombinedOptimizer([SGD([weights[0]], learningRate: rate, momentum: 0.9), Adam([weights[1]], learningRate: rate)])
    }
    func state(_ optimizer: CombinedOptimizer) -> [String: [Double]] {
      optimizer.stateDictionary().mapValues { $0.scalars(as: Double.self) }
    }
    let (one, other) = (make(0.1), make(0.1))
    one.step(minimizing: (weights[0].value * weights[1].value).sum())
    expectEqual(
      state(one).keys.sorted(), ["0.momentum.0", "1.adam.first.0", "1.adam.second.0", "1.steps"])
    let before = state(other)
    var damaged = one.stateDictionary()
    damaged["1.adam.first.0"] = nil
    #expect(throws: MoultError.self) { try other.load(damaged) }
    expectEqual(state(other), before)
    #expect(throws: MoultError.self) { try other.load(["2.momentum.0": Tensor([1])]) }
    try other.load(one.stateDictionary())
    expectEqual(state(other), state(one))
  }

  @Test func mistakesAreRefused() async {
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let weight = parameter([1])
      _ = CombinedOptimizer([SGD([weight], learningRate: 0.1), Adam([weight])])
    }
    expectTrue(message(twice).contains("CombinedOptimizer: expected each parameter once, got the same one at 0 and 1"))
    let bias = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Muon(Linear(2, 3).parameters())
    }
    expectTrue(
      message(bias).contains(
        "Muon: expected matrices [out, in], got a parameter of shape [3] at 1; give it to another optimizer: "
          + "CombinedOptimizer([Muon(matrices), AdamW(others)])"))
    let decay = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      CombinedOptimizer([SGD([parameter([1])], learningRate: 0.1), AdamW([parameter([1])])]).weightDecay = 0.1
    }
    expectTrue(message(decay).contains("CombinedOptimizer: expected a first optimizer with a weight decay above 0"))
  }
}
