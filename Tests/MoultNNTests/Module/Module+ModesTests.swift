import MoultCore
import MoultNN
import Synchronization
import MoultTestSupport
import Testing

private struct Failure: Error {}

@Suite struct ModuleModesTests {
  private let dropout = Dropout(0.5)
  private let other = Dropout(0.5)
  private let linear = Linear(2, 2)
  private var model: Sequential { Sequential(linear, dropout) }

  @Test func aFreshLayerTrains() { expectEqual(dropout.mode, .training) }

  @Test func trainAndEvalSetTheLayersBelowAndNoOthers() {
    model.eval()
    expectEqual(dropout.mode, .evaluation)
    expectEqual(other.mode, .training)
    model.train()
    expectEqual(dropout.mode, .training)
  }

  @Test func scopesNameTheirModelOnlyAndEnd() {
    model.evaluating {
      expectEqual(dropout.mode, .evaluation)
      expectEqual(other.mode, .training)
    }
    expectEqual(dropout.mode, .training)
    model.sampling {
      expectEqual(dropout.mode, .sampling)
      expectEqual(other.mode, .training)
    }
    expectEqual(dropout.mode, .training)
  }

  @Test func scopesEndOnAThrow() {
    #expect(throws: Failure.self) { try model.evaluating { throw Failure() } }
    expectEqual(dropout.mode, .training)
    #expect(throws: Failure.self) { try model.sampling { throw Failure() } }
    expectEqual(dropout.mode, .training)
    expectTrue(linear(Tensor([[1, 2]])).requiresGradient)
  }

  @Test func theInnermostScopeThatNamesTheLayerDecides() {
    let both = Sequential(dropout, other)
    both.evaluating {
      model.sampling {
        expectEqual(dropout.mode, .sampling)
        expectEqual(other.mode, .evaluation)
        both.evaluating { expectEqual(dropout.mode, .evaluation) }
        expectEqual(dropout.mode, .sampling)
      }
      expectEqual(dropout.mode, .evaluation)
    }
  }

  @Test func trainInsideAScopeCountsAfterIt() {
    model.eval()
    model.evaluating {
      model.train()
      expectEqual(dropout.mode, .evaluation)
    }
    expectEqual(dropout.mode, .training)
  }

  @Test func samplingTurnsGradientsOffAndEvaluatingDoesNot() {
    let x = Tensor([[1, 2]])
    expectTrue(!model.sampling { model(x) }.requiresGradient)
    expectTrue(model.evaluating { model(x) }.requiresGradient)
  }

  @Test func inferringIsEvaluationWithoutGradients() async {
    let x = Tensor([[1, 2]])
    expectEqual(model.infer { dropout.mode }, .evaluation)
    expectTrue(!model.infer { model(x) }.requiresGradient && model.infer { model(x) } == model.evaluating { model(x) })
    let later = await model.infer {
      await Task.yield()
      return (dropout.mode, model(x))
    }
    expectTrue(later.0 == .evaluation && !later.1.requiresGradient)
    #expect(throws: Failure.self) { try model.infer { throw Failure() } }
    expectTrue(dropout.mode == .training && model(x).requiresGradient)
  }

  @Test func scopesReturnWhatTheirBodyReturns() async {
    expectEqual(model.evaluating { 3 }, 3)
    await expectEqual(
      model.sampling {
        await Task.yield()
        return 4
      }, 4)
  }

  @Test func asynchronousScopesEndOnAThrow() async {
    await #expect(throws: Failure.self) {
      try await model.evaluating {
        await Task.yield()
        expectEqual(dropout.mode, .evaluation)
        throw Failure()
      }
    }
    await #expect(throws: Failure.self) {
      try await model.sampling {
        await Task.yield()
        expectEqual(dropout.mode, .sampling)
        throw Failure()
      }
    }
    expectEqual(dropout.mode, .training)
  }

  @Test func scopesBelongToTheirTask() async {
    let (model, dropout) = (model, dropout)
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<30 {
        group.addTask {
          switch index % 3 {
          case 0:
            await model.evaluating {
              await Task.yield()
              return dropout.mode == .evaluation
            }
          case 1:
            await model.sampling {
              await Task.yield()
              return dropout.mode == .sampling
            }
          default: dropout.mode == .training
          }
        }
      }
      for await isRight in group { expectTrue(isRight) }
    }
  }

  @Test func childTasksInheritTheScope() async {
    let (model, dropout) = (model, dropout)
    await model.evaluating {
      async let mode = dropout.mode
      await expectEqual(mode, .evaluation)
    }
  }

  @Test func freezingChangesNoMode() {
    model.freeze()
    expectEqual(dropout.mode, .training)
    model.sampling { expectEqual(dropout.mode, .sampling) }
    expectTrue(!model(Tensor([[1, 2]])).requiresGradient)
    model.unfreeze()
    expectTrue(model(Tensor([[1, 2]])).requiresGradient)
  }

  @Test func fixedModesSurviveTrainAndScopes() {
    model.fixMode(.evaluation)
    model.train()
    expectEqual(dropout.mode, .evaluation)
    model.sampling { expectEqual(dropout.mode, .evaluation) }
    Sequential(model, other).train()
    expectEqual(dropout.mode, .evaluation)
    expectEqual(other.mode, .training)
    expectTrue(model(Tensor([[1, 2]])).requiresGradient)
    model.unfixMode()
    expectEqual(dropout.mode, .training)
  }

  // MARK: - Statistics

  /// Counts the batches that it sees in training mode, as a layer with running statistics does.
  private final class Counting: Module {
    let layerMode = LayerMode()
    let moves = Mutex(0)
    var count: Int { moves.withLock { $0 } }
    func callAsFunction(_ x: Tensor) -> Tensor {
      if layerMode.current == .training { moves.withLock { $0 += 1 } }
      return x
    }
  }

  @Test func statisticsMoveInTrainingOnly() {
    let layer = Counting()
    let x = Tensor([1])
    _ = layer(x)
    _ = layer.evaluating { layer(x) }
    _ = layer.sampling { layer(x) }
    layer.eval()
    _ = layer(x)
    expectEqual(layer.count, 1)
  }

  @Test func statisticsStandStillInAFixedMode() {
    let layer = Counting()
    let both = Sequential(layer, dropout)
    let x = Tensor([1])
    both.fixMode(.evaluation)
    both.train()
    _ = both(x)
    both.evaluating { both.sampling { _ = both(x) } }
    #expect(throws: Failure.self) { try both.evaluating { throw Failure() } }
    _ = both(x)
    expectTrue(layer.count == 0 && layer.layerMode.current == .evaluation)
    both.unfixMode()
    _ = both(x)
    expectEqual(layer.count, 1)
  }

  @Test func tasksFixModesOfModelsOfTheirOwn() async {
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<16 {
        group.addTask {
          let layer = Counting(), dropout = Dropout(0.5)
          let model = Sequential(layer, dropout)
          var expected = 0
          for round in 0..<20 {
            if (round + index).isMultiple(of: 5) { model.fixMode(.evaluation) } else { model.unfixMode() }
            model.train()
            await Task.yield()
            if !(round + index).isMultiple(of: 5) { expected += 1 }
            _ = model(.ones([1, 2]))
            guard dropout.mode == ((round + index).isMultiple(of: 5) ? .evaluation : .training) else { return false }
          }
          return layer.count == expected
        }
      }
      for await isRight in group { expectTrue(isRight) }
    }
  }

  @Test func everyLayerSaysItsMode() {
    func check<L: Module>(_ layer: L, _ mode: KeyPath<L, Mode>) {
      expectEqual(layer[keyPath: mode], .training, "\(L.self)")
      layer.sampling { expectEqual(layer[keyPath: mode], .sampling, "\(L.self)") }
      layer.eval()
      expectEqual(layer[keyPath: mode], .evaluation, "\(L.self)")
    }
    check(Dropout(0.5), \.mode)
    check(AlphaDropout(0.5), \.mode)
    check(FeatureAlphaDropout(0.5), \.mode)
    check(GaussianDropout(0.5), \.mode)
    check(GaussianNoise(0.5), \.mode)
    check(Cutout(size: 2), \.mode)
    check(ConcreteDropout(0.5), \.mode)
    check(VariationalDropout(0.5), \.mode)
    check(VariationalLinear(2, 2), \.mode)
    check(DropConnect(2, 2, rate: 0.5), \.mode)
    check(WeightDrop(0.5), \.mode)
    check(DropPath(0.5), \.mode)
    check(LayerDrop(0.5, ReLU()), \.mode)
    check(DropBlock(0.5), \.mode)
    check(Standout(2, 2), \.mode)
  }

  @Test func anOptimizerLeavesFrozenParametersAlone() {
    let body = Linear(2, 2)
    let head = Linear(2, 1)
    let both = Sequential(body, head)
    let optimizer = SGD(both.parameters(), learningRate: 0.1, weightDecay: 0.1)
    optimizer.step(minimizing: both(Tensor([[1, 2]])).sum())
    body.freeze()
    let before = body.stateDictionary()
    let headBefore = head.stateDictionary()
    optimizer.step(minimizing: both(Tensor([[1, 2]])).sum())
    expectEqual(body.stateDictionary(), before)
    expectNotEqual(head.stateDictionary(), headBefore)
  }
}
