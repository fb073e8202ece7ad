import Moult
import MoultTestSupport
import Testing

@Suite struct DatasetTests {
  private static let data = TrainingFixture.points(50)

  @Test func aDataSetOfOnesOwnHasTheBatchesOfTheArrays() throws {
    let own = Wrapped(base: Self.data)
    expectEqual(try indices(own.batches(of: 20)), Self.data.batches(of: 20).map(\.indices))
    expectEqual(own.batches(of: 20, droppingLast: true).count, 2)
    expectEqual(try indices(own.batches(of: 20, droppingLast: true)), [Array(0..<20), Array(20..<40)])
    expectEqual(
      try own.epochs(3, of: 20, shuffledBy: 1).map(indices),
      Self.data.epochs(3, of: 20, shuffledBy: 1).map { $0.map(\.indices) })
    let reader = own.batches(of: 50)
    let batch = try unwrapped(reader.next())
    expectEqual(batch.inputs.scalars(as: Float.self), Self.data.inputs.scalars(as: Float.self))
    expectEqual(batch.labels.scalars(as: Int32.self), Self.data.labels.scalars(as: Int32.self))
  }

  @Test func trainingOnADataSetOfOnesOwnGivesTheWeightsOfTheArrays() throws {
    let (model, other) = (TrainingFixture.model(), TrainingFixture.model())
    let own = Wrapped(base: Self.data)
    let trainer = TrainingFixture.trainer(other)
    let history = try TrainingFixture.trainer(model).fit(
      Self.data, validation: Self.data.prefix(9), epochs: 2, batchSize: 8)
    // A stop within an epoch: the next call goes on with the next batch.
    let stop = StopSignal()
    let stopped = TrainingFixture.trainer(
      other, callbacks: [.onStepEnd { if $0.step == 10 { stop.request() } }], stopSignal: stop)
    try stopped.fit(own, epochs: 2, batchSize: 8)
    try trainer.load(stopped.state())
    let rest = try trainer.fit(own, validation: Wrapped(base: Self.data.prefix(9)), epochs: 1, batchSize: 8)
    expectEqual(TrainingFixture.bits(model), TrainingFixture.bits(other))
    expectEqual(rest.epochs.last?.validationLoss, history.epochs.last?.validationLoss)
    expectEqual(try model.evaluate(on: own, loss: crossEntropy), model.evaluate(on: Self.data, loss: crossEntropy))
    let finder = LearningRateFinder(steps: 9)
    expectEqual(
      try finder.run(trainer, own, batchSize: 8), try finder.run(trainer, Self.data, batchSize: 8))
  }

  @Test func errorsOfADataSetEndTheTraining() throws {
    let cases: [(Wrapped, String)] = [
      (Wrapped(base: Self.data, fails: true), "row 7 is damaged"),
      (Wrapped(base: Self.data, extra: 1), "expected a batch of 8 samples, got inputs [9, 4]"),
    ]
    for (own, message) in cases {
      let model = TrainingFixture.model()
      let errors = [
        try moultError { try TrainingFixture.trainer(model).fit(own, epochs: 1, batchSize: 8) },
        try moultError { try TrainingFixture.trainer(model).fit(Self.data, validation: own, epochs: 1, batchSize: 50) },
        try moultError { _ = try model.evaluate(on: own, loss: crossEntropy, batchSize: 8) },
        try moultError { _ = try LearningRateFinder().run(TrainingFixture.trainer(model), own, batchSize: 8) },
      ]
      for (number, error) in errors.enumerated() where number != 1 {
        expectTrue(error.description.contains(message), "\(error)")
      }
      expectEqual(errors[1].code, .badData)
    }
  }

  private func indices(_ reader: BatchReader) throws -> [[Int]] {
    var result: [[Int]] = []
    while let batch = try reader.next() { result.append(batch.indices) }
    return result
  }
}

/// A data set that knows only what the protocol asks for.
private struct Wrapped: Dataset {
  let base: TensorDataset
  var fails = false
  var extra = 0

  var count: Int { base.count }

  func batch(at indices: [Int]) throws(MoultError) -> Batch {
    if fails, indices.contains(7) { throw MoultError(.badData, "row 7 is damaged") }
    return base.batch(at: indices + [Int](repeating: 0, count: extra))
  }
}
