import MoultCore
import MoultNN
import Testing

private struct Failure: Error {}

@Suite struct ModuleModesTests {
  private let dropout = Dropout(0.5)
  private let other = Dropout(0.5)
  private let linear = Linear(2, 2)
  private var model: Sequential { Sequential(linear, dropout) }

  @Test func aFreshLayerTrains() { #expect(dropout.mode == .training) }

  @Test func trainAndEvalSetTheLayersBelowAndNoOthers() {
    model.eval()
    #expect(dropout.mode == .evaluation)
    #expect(other.mode == .training)
    model.train()
    #expect(dropout.mode == .training)
  }

  @Test func scopesNameTheirModelOnlyAndEnd() {
    model.evaluating {
      #expect(dropout.mode == .evaluation)
      #expect(other.mode == .training)
    }
    #expect(dropout.mode == .training)
    model.sampling {
      #expect(dropout.mode == .sampling)
      #expect(other.mode == .training)
    }
    #expect(dropout.mode == .training)
  }

  @Test func scopesEndOnAThrow() {
    #expect(throws: Failure.self) { try model.evaluating { throw Failure() } }
    #expect(dropout.mode == .training)
    #expect(throws: Failure.self) { try model.sampling { throw Failure() } }
    #expect(dropout.mode == .training)
    #expect(linear(Tensor([[1, 2]])).requiresGradient)
  }

  @Test func theInnermostScopeThatNamesTheLayerDecides() {
    let both = Sequential(dropout, other)
    both.evaluating {
      model.sampling {
        #expect(dropout.mode == .sampling)
        #expect(other.mode == .evaluation)
        both.evaluating { #expect(dropout.mode == .evaluation) }
        #expect(dropout.mode == .sampling)
      }
      #expect(dropout.mode == .evaluation)
    }
  }

  @Test func trainInsideAScopeCountsAfterIt() {
    model.eval()
    model.evaluating {
      model.train()
      #expect(dropout.mode == .evaluation)
    }
    #expect(dropout.mode == .training)
  }

  @Test func samplingTurnsGradientsOffAndEvaluatingDoesNot() {
    let x = Tensor([[1, 2]])
    #expect(!model.sampling { model(x) }.requiresGradient)
    #expect(model.evaluating { model(x) }.requiresGradient)
  }

  @Test func scopesReturnWhatTheirBodyReturns() async {
    #expect(model.evaluating { 3 } == 3)
    #expect(
      await model.sampling {
        await Task.yield()
        return 4
      } == 4)
  }

  @Test func asynchronousScopesEndOnAThrow() async {
    await #expect(throws: Failure.self) {
      try await model.evaluating {
        await Task.yield()
        #expect(dropout.mode == .evaluation)
        throw Failure()
      }
    }
    await #expect(throws: Failure.self) {
      try await model.sampling {
        await Task.yield()
        #expect(dropout.mode == .sampling)
        throw Failure()
      }
    }
    #expect(dropout.mode == .training)
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
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func childTasksInheritTheScope() async {
    let (model, dropout) = (model, dropout)
    await model.evaluating {
      async let mode = dropout.mode
      #expect(await mode == .evaluation)
    }
  }

  @Test func freezingSurvivesTrainAndScopes() {
    model.freeze()
    model.train()
    #expect(dropout.mode == .evaluation)
    model.sampling { #expect(dropout.mode == .evaluation) }
    Sequential(model, other).train()
    #expect(dropout.mode == .evaluation)
    #expect(other.mode == .training)
    #expect(!model(Tensor([[1, 2]])).requiresGradient)
    model.unfreeze()
    #expect(dropout.mode == .training)
    #expect(model(Tensor([[1, 2]])).requiresGradient)
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
    #expect(body.stateDictionary() == before)
    #expect(head.stateDictionary() != headBefore)
  }
}
