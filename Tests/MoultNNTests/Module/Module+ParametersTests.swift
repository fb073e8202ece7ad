import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct ModuleParametersTests {
  @Test func aKeptStateDictionaryStaysWhatItWas() {
    let model = SimpleMLP(inputSize: 4, hiddenSize: 8, outputSize: 3)
    let kept = model.stateDictionary()
    let copy = kept.mapValues { $0.scalars(as: Float.self) }
    let optimizer = SGD(model.parameters(), learningRate: 0.5, momentum: 0.9)
    for _ in 0..<3 {
      optimizer.step(minimizing: crossEntropy(model(.randomNormal([5, 4])), Tensor(labels: [0, 1, 2, 0, 1])))
    }
    expectEqual(kept.mapValues { $0.scalars(as: Float.self) }, copy)
    expectNotEqual(model.stateDictionary().mapValues { $0.scalars(as: Float.self) }, copy)
  }

  @Test func theStateHasNoHistory() {
    expectTrue(SimpleMLP(inputSize: 4, hiddenSize: 8).stateDictionary().values.allSatisfy { !$0.requiresGradient })
  }

  @Test func aCopyOfAStructSharesItsWeights() {
    let model = SimpleMLP(inputSize: 4, hiddenSize: 8)
    let copy = model
    expectTrue(zip(model.parameters(), copy.parameters()).allSatisfy { $0 === $1 })
  }

  @Test func theSameSeedMakesTheSameWeights() {
    let states = (0..<2).map { _ in withSeed(3) { SimpleMLP(inputSize: 4, hiddenSize: 8).stateDictionary() } }
    expectEqual(states[0], states[1])
    expectNotEqual(withSeed(4) { SimpleMLP(inputSize: 4, hiddenSize: 8).stateDictionary() }, states[0])
  }

  @Test func twoParametersOfOneNameStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      struct Colliding: Module {
        let a = ["b.c": ["d": Linear(1, 1)], "b": ["c.d": Linear(1, 1)]]
        func callAsFunction(_ x: Tensor) -> Tensor { x }
      }
      _ = Colliding().parameters()
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    expectTrue(message.contains("two called a.b.c.d."))
  }
}
