import Moult
import MoultTestSupport
import Testing

@Suite struct CheckpointTests {
  private let data = TrainingFixture.points(30)

  private func figure(_ values: [Double]) -> EarlyStopping.Figure {
    EarlyStopping.Figure("test", isBetterLower: true) { values[$0.epoch - 1] }
  }

  private func train(_ callbacks: [any Callback], epochs: Int, stopSignal: StopSignal? = nil) throws -> TinyNetwork {
    let model = TrainingFixture.model()
    try TrainingFixture.trainer(model, callbacks: callbacks, stopSignal: stopSignal)
      .fit(data, epochs: epochs, batchSize: 10)
    return model
  }

  @Test func theBestModelIsThatOfTheBestEpoch() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/best.safetensors"
      let checkpoint = Checkpoint(.best(figure([3, .nan, 2, 2, 2.5])), of: .model, to: path)
      _ = try train([checkpoint], epochs: 5)
      expectEqual(checkpoint.best, 2)
      let saved = TrainingFixture.model(seed: 1)
      try saved.load(from: path)
      expectEqual(TrainingFixture.bits(saved), TrainingFixture.bits(try train([], epochs: 3)))
    }
  }

  @Test func theLastStateIsThatOfTheLastEpochOrStop() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/last.safetensors"
      let stop = StopSignal()
      var writtenAt: [Int] = []
      let reader = Recorder { step throws(MoultError) in
        if step.step == 8 { stop.request() }
        writtenAt.append((try? TrainingState.read(path).completedSteps) ?? 0)
      }
      _ = try train(
        [reader, Checkpoint(.last, to: path, identity: "it")], epochs: 4, stopSignal: stop)
      expectEqual(writtenAt, [0, 0, 0, 3, 3, 3, 6, 6])
      let state = try TrainingState.read(path, identity: "it")
      expectTrue(state.completedSteps == 8 && state.completedEpochs == 2)
    }
  }

  @Test func everyFewEpochsAFileOfItsOwn() throws {
    try withTemporaryFolder { folder in
      _ = try train([Checkpoint(.every(epochs: 2), of: .model, to: folder + "/model.v1.safetensors")], epochs: 7)
      try expectEqual(
        names(in: folder),
        [
          "model.v1-0002.safetensors", "model.v1-0004.safetensors", "model.v1-0006.safetensors",
        ])
    }
  }

  @Test func olderFilesGoAlsoInAnotherProcess() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/c.safetensors"
      try place([1], at: folder + "/c-0001.safetensors")
      let stop = StopSignal()
      let stopper = Recorder { step throws(MoultError) in if step.step == 13 { stop.request() } }
      let every = Checkpoint(.every(epochs: 2, keeping: 2), to: path)
      _ = try train([stopper, every], epochs: 9, stopSignal: stop)
      try expectEqual(names(in: folder), ["c-0001.safetensors", "c-0002.safetensors", "c-0004.safetensors"])
      let trainer = TrainingFixture.trainer(
        TrainingFixture.model(), callbacks: [Checkpoint(.every(epochs: 2, keeping: 2), to: path)])
      try trainer.load(try TrainingState.read(folder + "/c-0004.safetensors"))
      try trainer.fit(data, epochs: 5, batchSize: 10)
      try expectEqual(
        names(in: folder), ["c-0001.safetensors", "c-0006.safetensors", "c-0008.safetensors"],
        "one that is no multiple is not ours")
    }
  }

  @Test(arguments: [
    ("run.d/checkpoint", "run.d/checkpoint-0007"), ("a.b/.hidden", "a.b/.hidden-0007"),
    ("x.safetensors", "x-0007.safetensors"),
  ])
  func theEpochStandsBeforeTheLastDotOfTheName(path: String, result: String) {
    expectEqual(Checkpoint(.every(epochs: 1), to: path).path(ofEpoch: 7), result)
    expectEqual(Checkpoint(.every(epochs: 1), to: "x").path(ofEpoch: 12345), "x-12345")
  }

  /// Whatever the order of the callbacks, the state of an epoch knows that epoch's figure.
  @Test(arguments: [true, false]) func theBestFigureOutlivesTheProcess(bestFirst: Bool) throws {
    try withTemporaryFolder { folder in
      func callbacks(_ values: [Double]) -> (best: Checkpoint, all: [any Callback]) {
        let best = Checkpoint(.best(figure(values)), of: .model, to: folder + "/best.safetensors")
        let last = Checkpoint(.last, to: folder + "/last.safetensors")
        return (best, bestFirst ? [best, last] : [last, best])
      }
      _ = try train(callbacks([3, 1]).all, epochs: 2)
      let bytes = try contents(folder + "/best.safetensors")
      let (best, all) = callbacks([0, 0, 2, 0.5])
      let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: all)
      try trainer.load(try TrainingState.read(folder + "/last.safetensors"))
      expectEqual(best.best, 1)
      try trainer.fit(data, epochs: 1, batchSize: 10)
      try expectEqual(contents(folder + "/best.safetensors"), bytes, "2 is not better than 1")
      try trainer.fit(data, epochs: 1, batchSize: 10)
      try expectNotEqual(contents(folder + "/best.safetensors"), bytes)
    }
  }

  @Test func aStateThatDoesNotFitChangesNothing() throws {
    let checkpoint = Checkpoint(.best(figure([])), to: "x")
    try checkpoint.load(["checkpoint.best": Tensor([0.5], shape: [])])
    for state in [["checkpoint.best": Tensor(1 as Float)], ["checkpoint.other": Tensor([0.5], shape: [])]] {
      try expectEqual(moultError { try checkpoint.load(state) }.code, .badData)
      expectEqual(checkpoint.best, 0.5)
    }
    try expectTrue(
      moultError { try Checkpoint(.last, to: "x").load(["checkpoint.best": Tensor([0.5], shape: [])]) }.message
        .contains("no such entry"))
    try checkpoint.load([:])
    expectNil(checkpoint.best)
  }

  @Test func aFolderThatIsNotThereEndsTraining() throws {
    let error = try moultError { _ = try train([Checkpoint(.last, to: "/nowhere/last.safetensors")], epochs: 2) }
    expectEqual(error.code, .cannotWrite)
  }

  @Test func anEpochWithoutTheFigureIsAnError() throws {
    let error = try moultError { _ = try train([Checkpoint(.best(.validationLoss), to: "x")], epochs: 2) }
    expectEqual(error.code, .usage)
    expectTrue(error.message.hasPrefix("Checkpoint: expected an epoch with validation_loss, got none"))
  }
}
