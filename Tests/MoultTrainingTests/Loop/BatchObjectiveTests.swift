import Moult
import MoultTestSupport
import Testing

/// Trainers of models with any inputs and outputs.
@Suite struct BatchObjectiveTests {
  /// Two inputs, two outputs.
  private struct TwoTowers: Module {
    let left = Linear(4, 3), right = Linear(2, 3), dropout = Dropout(0.3)

    func callAsFunction(_ x: (left: Tensor, right: Tensor)) -> (logits: Tensor, size: Tensor) {
      let logits = dropout(left(x.left)) + right(x.right)
      return (logits, (logits * logits).mean())
    }
  }

  private let points = TrainingFixture.points(30)

  private var pairs: TensorDataset {
    TensorDataset(
      inputs: points.inputs, labels: points.labels,
      extras: ["right": Tensor(points.labels.scalars(as: Float.self).flatMap { [$0, 1] }, shape: [30, 2])])
  }

  @Test func theObjectiveOfASimpleModelIsItsLoss() throws {
    let (model, twin) = (TrainingFixture.model(), TrainingFixture.model())
    let trainer = Trainer(
      model, optimizer: SGD(model.parameters(), learningRate: 0.1, momentum: 0.9),
      objective: { model, batch in crossEntropy(model(batch.inputs), batch.labels) },
      outputs: { model, batch in model(batch.inputs) }, seed: 3, metrics: [.accuracy], microBatchSize: 4)
    let history = try trainer.fit(points, validation: points, epochs: 2, batchSize: 10)
    let expected = try TrainingFixture.trainer(twin, microBatchSize: 4)
      .fit(points, validation: points, epochs: 2, batchSize: 10)
    expectEqual(TrainingFixture.bits(model), TrainingFixture.bits(twin))
    expectEqual(history.epochs.map(\.trainLoss), expected.epochs.map(\.trainLoss))
    expectEqual(history.epochs.map(\.validationLoss), expected.epochs.map(\.validationLoss))
    expectEqual(history.epochs.map(\.validationAccuracy), expected.epochs.map(\.validationAccuracy))
    expectEqual(history.epochs.map { $0.validationMetrics?["accuracy"] }, expected.epochs.map(\.validationAccuracy))
    expectTrue(history.epochs.allSatisfy { $0.trainAccuracy == nil })
  }

  @Test func modelsWithSeveralInputsAndOutputsLearnAlsoInPieces() throws {
    func train(microBatchSize: Int?) throws -> (model: TwoTowers, history: History) {
      let model = withSeed(7) { TwoTowers() }
      let trainer = Trainer(
        model, optimizer: SGD(model.parameters(), learningRate: 0.1),
        objective: { model, batch in
          let (logits, size) = model((batch.inputs, batch["right"]))
          return crossEntropy(logits, batch.labels) + size * 0.01
        }, seed: 3, microBatchSize: microBatchSize)
      return (model, try trainer.fit(pairs, validation: pairs, epochs: 5, batchSize: 10))
    }
    let (whole, history) = try train(microBatchSize: nil), (parts, _) = try train(microBatchSize: 3)
    try expectLess(unwrapped(history.last?.validationLoss), unwrapped(history.epochs[0].validationLoss))
    expectNil(history.last?.validationAccuracy)
    for (a, b) in zip(whole.parameters(), parts.parameters()) {
      let pairs = zip(a.value.scalars(as: Float.self), b.value.scalars(as: Float.self))
      expectTrue(pairs.allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func extrasFollowTheirSamples() {
    let data = pairs.subset(at: [5, 2, 9]), batch = data.batch(at: [2, 0])
    expectEqual(batch["right"].scalars(as: Float.self), [0, 1, 2, 1])
    expectEqual(batch.labels.scalars(as: Float.self), [0, 2])
  }

  @Test func aTensorThatIsNotThereStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let data = TensorDataset(inputs: .zeros([2, 1]), labels: .zeros([2]), extras: ["mask": .zeros([2])])
      _ = data.batch(at: [0])["maks"]
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    expectTrue(text.contains("Batch: expected one of the extras [\"mask\"], got \"maks\""), text)
  }
}
