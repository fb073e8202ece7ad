import Moult
import MoultTestSupport
import Testing

@Suite struct TrainingStateTests {
  /// Stops are in the middle of an epoch, at its end, before its last step, and just before the end of training.
  @Test(arguments: ResumeFixture.Kind.allCases, [1, 4, 7, 8, 15])
  func aRunThatWasStoppedGoesOnToTheSameBits(kind: ResumeFixture.Kind, stop: Int) throws {
    let whole = ResumeFixture(kind)
    try whole.run()
    try withTemporaryFolder { folder in
      let path = folder + "/checkpoint.safetensors"
      let first = ResumeFixture(kind, stopAfter: stop)
      let history = try first.run()
      guard history.interrupted != nil else {
        expectTrue(kind == .stopping && stop == 15, "early stopping came first")
        return
      }
      try first.trainer.state().write(to: path, identity: "a test")

      let second = ResumeFixture(kind, weightSeed: 8)
      try second.trainer.load(try TrainingState.read(path, identity: "a test"))
      expectEqual(second.trainer.completedSteps, stop)
      expectEqual(second.result, first.result, "loaded")
      try second.run()
      expectEqual(second.result, whole.result)
      let epochs = first.log.epochs + second.log.epochs
      expectEqual(ResumeFixture.timeless(epochs), ResumeFixture.timeless(whole.log.epochs))
      expectEqual(first.log.steps + second.log.steps, whole.log.steps)
    }
  }

  /// A checkpoint of the epoch in which a callback stops training may be the last thing that a process does.
  @Test func aRunThatHadEndedEarlyEndsInTheSameWay() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/checkpoint.safetensors"
      let whole = ResumeFixture(.stopping, callbacks: [Checkpoint(.last, of: .state, to: path)])
      let history = try whole.run()
      expectTrue(history.epochs.count == 3 && history.stopReason != nil)
      let second = ResumeFixture(.stopping, weightSeed: 8, callbacks: [Checkpoint(.last, of: .state, to: path)])
      let state = try TrainingState.read(path)
      expectEqual(state.stopReason, history.stopReason)
      try second.trainer.load(state)
      let rest = try second.run()
      expectTrue(rest.epochs.isEmpty && rest.steps == 0 && rest.stopReason == history.stopReason)
      expectEqual(second.result, whole.result, "with the best weights back")
      try expectEqual(second.run().epochs.map(\.epoch), [4], "who asks again goes on")
    }
  }

  @Test func anEpochThatACallbackEndsTrainingInWasNotInterrupted() throws {
    let run = ResumeFixture(.stopping, stopAfter: 3 * ResumeFixture.stepsPerEpoch)
    let history = try run.run()
    expectTrue(history.stopReason != nil && history.interrupted == nil && history.epochs.count == 3)
  }

  /// The process may also end between the last checkpoint and the end of training.
  @Test func aRunThatHadReachedItsLastEpochOnlyEnds() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/checkpoint.safetensors"
      let whole = ResumeFixture(.momentum, callbacks: [Checkpoint(.last, to: path)])
      try whole.run()
      let second = ResumeFixture(.momentum, weightSeed: 8, callbacks: [Checkpoint(.last, to: path)])
      try second.trainer.load(try TrainingState.read(path))
      try expectTrue(second.run().epochs.isEmpty)
      expectEqual(second.log.events, ["begin", "end"])
      expectEqual(second.result, whole.result)
    }
  }

  @Test func aStateStaysWhatItIsWhenTrainingGoesOn() throws {
    let run = ResumeFixture(.adam, stopAfter: 5)
    try run.run()
    let state = run.trainer.state(), before = run.result
    run.stopSignal.reset()
    try run.run()
    expectNotEqual(run.result, before)
    try run.trainer.load(state)
    expectEqual(run.result, before)
  }

  @Test func usesOfLayersAreKept() throws {
    let first = ResumeFixture(.concrete), second = ResumeFixture(.concrete)
    func use(_ model: ResumeFixture.Network) -> [Float] {
      withSeed(1) { model.dropout(Tensor.full([1, 8], 1)).scalars(as: Float.self) }
    }
    let draws = (0..<4).map { _ in use(first.trainer.model) }
    for _ in 0..<3 { _ = use(second.trainer.model) }
    let state = second.trainer.state()
    let third = ResumeFixture(.concrete)
    try third.trainer.load(state)
    expectTrue(use(third.trainer.model) == draws[3] && draws[3] != draws[0])
  }

  @Test func gradientsThatWereLeftAreCleared() throws {
    let run = ResumeFixture(.momentum)
    let state = run.trainer.state()
    crossEntropy(run.trainer.model(ResumeFixture.train.inputs), ResumeFixture.train.labels).backward()
    expectTrue(run.trainer.model.parameters()[0].gradient != nil)
    try run.trainer.load(state)
    expectTrue(run.trainer.model.parameters().allSatisfy { $0.gradient == nil })
  }

  /// A part that is frozen stays frozen in the process that goes on, which gives the same bits; another process that
  /// had frozen something else does not keep it.
  @Test func frozenParametersAreKept() throws {
    let whole = ResumeFixture(.momentum), first = ResumeFixture(.momentum, stopAfter: 6)
    for run in [whole, first] { run.trainer.model.hidden.freeze() }
    try whole.run()
    try first.run()
    try withTemporaryFolder { folder in
      let path = folder + "/checkpoint.safetensors"
      try first.trainer.state().write(to: path)
      let second = ResumeFixture(.momentum, weightSeed: 9)
      second.trainer.model.output.bias?.isFrozen = true
      try second.trainer.load(try TrainingState.read(path))
      let frozen = second.trainer.model.namedParameters().filter(\.parameter.isFrozen).map(\.name)
      expectEqual(frozen, ["hidden.weight", "hidden.bias"])
      try second.run()
      expectEqual(second.result, whole.result)
    }
  }

  /// What fits is tried first, so that a later part that does not must take it back.
  @Test(arguments: [ResumeFixture.Kind.adam, .exponentialAverage, .stopping, .concrete, .momentum])
  func aStateThatDoesNotFitChangesNothing(kind: ResumeFixture.Kind) throws {
    let other = ResumeFixture(kind, stopAfter: 9)
    try other.run()
    let targets: [ResumeFixture.Kind] = [.momentum, .adam, .concrete, .exponentialAverage, .stopping]
    for target in targets where target != kind {
      let run = ResumeFixture(target, weightSeed: 8, stopAfter: 6)
      try run.run()
      let before = run.result
      let error = try moultError { try run.trainer.load(other.trainer.state()) }
      expectEqual(error.code, .badData)
      expectEqual(run.result, before, "\(kind) into \(target)")
    }
  }

  /// The optimizer's and the callbacks' states fit here; the model's do not.
  @Test func whatWasLoadedBeforeTheMisfitIsTakenBack() throws {
    struct Wrapped: Module {
      let inner: Linear
      let extra: Parameter
      init(size: Int) {
        inner = Linear(size, 3, bias: false)
        extra = Parameter(Tensor.zeros([2]))
      }
      func callAsFunction(_ x: Tensor) -> Tensor { inner(x) + extra.value.sum() }
    }
    func trainer(size: Int) -> (Trainer<Wrapped>, WeightAverage) {
      let model = withSeed(1) { Wrapped(size: size) }
      let average = WeightAverage([model.extra], .exponential(decay: 0.5))
      return (
        Trainer(
          model, optimizer: SGD([model.extra], learningRate: 0.1, momentum: 0.9), loss: crossEntropy, seed: 3,
          callbacks: [average]), average
      )
    }
    let inputs = Tensor.randomNormal([10, 5], seed: 1), labels = Tensor(labels: (0..<10).map { $0 % 3 })
    let (other, _) = trainer(size: 5)
    try other.fit(TensorDataset(inputs: inputs, labels: labels), epochs: 2, batchSize: 5)
    let (run, average) = trainer(size: 4)
    try run.fit(TrainingFixture.points(20), epochs: 1, batchSize: 10)
    run.optimizer.learningRate = 0.3
    let before = (run.optimizer.stateDictionary(), average.stateDictionary(), run.model.stateDictionary())
    let error = try moultError { try run.load(other.state()) }
    expectTrue(error.message.contains("inner.weight: expected shape [3, 4], got [3, 5]"))
    expectEqual(run.optimizer.stateDictionary(), before.0)
    expectEqual(average.stateDictionary(), before.1)
    expectEqual(run.model.stateDictionary(), before.2)
    expectTrue(run.completedSteps == 2 && run.optimizer.learningRate == 0.3)
  }

  @Test func anotherSeedIsRefused() throws {
    let model = TrainingFixture.model()
    let error = try moultError {
      try TrainingFixture.trainer(model, seed: 4).load(TrainingFixture.trainer(model, seed: 3).state())
    }
    expectTrue(
      error.message == "training state: expected one of a training with seed 4, got seed 3" && error.code == .badData)
  }
}
