import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Runs under the thread sanitizer: `swift test --sanitize=thread --filter Concurrency`.
@Suite struct ConcurrencyTests {
  @Test func twoTasksPredictWhileAThirdTrains() async {
    let model = SimpleMLP(inputSize: 8, hiddenSize: 32, outputSize: 3)
    model.train()
    let x = Tensor.randomNormal([16, 8])
    let labels = Tensor(labels: (0..<16).map { $0 % 3 })
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        let optimizer = SGD(model.parameters(), learningRate: 0.05, momentum: 0.9)
        for step in 0..<60 {
          withStep(step) { optimizer.step(minimizing: crossEntropy(model(x), labels)) }
        }
        return true
      }
      group.addTask {
        (0..<20).allSatisfy { _ in
          model.predict(x, passes: 3).mean.scalars(as: Float.self).allSatisfy(\.isFinite)
        }
      }
      group.addTask {
        (0..<60).allSatisfy { _ in
          model.evaluating { withGradients(false) { model(x) } }.scalars(as: Float.self).allSatisfy(\.isFinite)
        }
      }
      for await isSound in group { expectTrue(isSound) }
    }
    expectEqual(model.dropout1.mode, .training)
  }

  @Test func modesAndNumbersMayBeSetFromAnywhere() async {
    let model = SimpleMLP(inputSize: 4, hiddenSize: 8)
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<8 {
        group.addTask {
          if index % 2 == 0 { model.train() } else { model.eval() }
          model.freeze()
          model.fixMode(.evaluation)
          _ = model.stateDictionary()
          model.unfreeze()
          model.unfixMode()
          _ = model(.ones([2, 4]))
        }
      }
    }
    expectEqual(model.stochasticLayers().compactMap { $0.layer.dropoutState.calls.ordinal }, [0, 1])
  }

  @Test func oneTasksTrainingDoesNotChangeAnothersMasks() async {
    func masks() async -> [[Bool]] {
      await withSeed(3) {
        let layer = Dropout(0.5, stream: 0)
        var masks: [[Bool]] = []
        for step in 0..<10 {
          await Task.yield()
          masks.append(withStep(step) { zeroPattern(layer(.ones([4, 16]))) })
        }
        return masks
      }
    }
    let alone = await masks()
    await withTaskGroup(of: [[Bool]].self) { group in
      for _ in 0..<6 { group.addTask { await masks() } }
      for await together in group { expectEqual(together, alone) }
    }
  }
}
