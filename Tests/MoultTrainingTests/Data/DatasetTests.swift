import Moult
import MoultTestSupport
import Testing

@Suite struct DatasetTests {
  private static let data = TrainingFixture.points(50)

  @Test func aDataSetOfOnesOwnHasTheBatchesOfTheArrays() throws {
    let own = OwnDataset(base: Self.data)
    try expectSameBatches(own, Self.data)
    expectEqual(try remainingIndices(own.batches(of: 20)), Self.data.batches(of: 20).map(\.indices))
    expectEqual(own.batches(of: 20, droppingLast: true).count, 2)
    expectEqual(try remainingIndices(own.batches(of: 20, droppingLast: true)), [Array(0..<20), Array(20..<40)])
    expectEqual(
      try own.epochs(3, of: 20, shuffledBy: 1).map(remainingIndices),
      Self.data.epochs(3, of: 20, shuffledBy: 1).map { $0.map(\.indices) })
  }

  @Test(arguments: [0, 1, 3])
  func trainingOnADataSetOfOnesOwnGivesTheWeightsOfTheArrays(prefetched: Int) throws {
    let (model, other) = (TrainingFixture.model(), TrainingFixture.model())
    let own = OwnDataset(base: Self.data, prefetchedBatches: prefetched)
    let history = try TrainingFixture.trainer(model).fit(
      Self.data, validation: Self.data.prefix(9), epochs: 2, batchSize: 8)
    // A stop within an epoch: the next training goes on with the next batch.
    let stop = StopSignal()
    let stopped = TrainingFixture.trainer(
      other, callbacks: [.onStepEnd { if $0.step == 10 { stop.request() } }], stopSignal: stop)
    try stopped.fit(own, epochs: 2, batchSize: 8)
    let trainer = TrainingFixture.trainer(other)
    try trainer.load(stopped.state())
    let rest = try trainer.fit(own, validation: OwnDataset(base: Self.data.prefix(9)), epochs: 1, batchSize: 8)
    expectEqual(TrainingFixture.bits(model), TrainingFixture.bits(other))
    expectEqual(rest.epochs.last?.validationLoss, history.epochs.last?.validationLoss)
    expectEqual(try model.evaluate(on: own, loss: crossEntropy), model.evaluate(on: Self.data, loss: crossEntropy))
    let finder = LearningRateFinder(steps: 9)
    expectEqual(try finder.run(trainer, own, batchSize: 8), try finder.run(trainer, Self.data, batchSize: 8))
  }

  @Test(arguments: [0, 2]) func errorsOfADataSetEndTheTraining(prefetched: Int) throws {
    let cases = [
      (OwnDataset(base: Self.data, prefetchedBatches: prefetched, damaged: 7), "row 7 is damaged"),
      (OwnDataset(base: Self.data, prefetchedBatches: prefetched, extra: 1), "samples, got inputs ["),
    ]
    for (own, message) in cases {
      let model = TrainingFixture.model()
      let errors = [
        try moultError { try TrainingFixture.trainer(model).fit(own, epochs: 1, batchSize: 8) },
        try moultError { try TrainingFixture.trainer(model).fit(Self.data, validation: own, epochs: 1, batchSize: 50) },
        try moultError { _ = try model.evaluate(on: own, loss: crossEntropy, batchSize: 8) },
        try moultError { _ = try LearningRateFinder().run(TrainingFixture.trainer(model), own, batchSize: 8) },
      ]
      for error in errors { expectTrue(error.message.contains(message), "\(error)") }
    }
  }
}
