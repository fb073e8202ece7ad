import Moult
import MoultTestSupport
import Testing

@Suite struct SampleWeightsTests {
  private static func loss(_ output: Tensor, _ labels: Tensor, _ weights: Tensor) -> Tensor {
    let losses = -gather(logSoftmax(output), labels.unsqueezed(axis: 1), axis: 1)
    return (losses * weights.unsqueezed(axis: 1)).sum() / weights.sum()
  }

  private static func trainer(_ model: TinyNetwork, microBatchSize: Int? = nil) -> Trainer<TinyNetwork> {
    Trainer(
      model, optimizer: SGD(model.parameters(), learningRate: 0.1), weightedLoss: Self.loss, seed: 3,
      metrics: [.accuracy], microBatchSize: microBatchSize)
  }

  private static func isNear(_ a: TinyNetwork, _ b: TinyNetwork) -> Bool {
    zip(a.parameters(), b.parameters()).allSatisfy { a, b in
      zip(a.value.scalars(as: Float.self), b.value.scalars(as: Float.self)).allSatisfy { abs($0 - $1) < 1e-5 }
    }
  }

  private let points = TrainingFixture.points(24)
  /// 0 to 3, with four samples of weight 0 in a row.
  private let counts = (0..<24).map { (4..<8).contains($0) ? 0 : $0 % 4 }

  private var weighted: TensorDataset {
    TensorDataset(inputs: points.inputs, labels: points.labels, weights: Tensor(counts.map(Float.init)))
  }

  /// The samples as often as their weights say.
  private var repeated: TensorDataset {
    points.subset(at: counts.indices.flatMap { [Int](repeating: $0, count: counts[$0]) })
  }

  @Test func aWeightIsANumberOfEqualSamples() throws {
    let (model, twin) = (TrainingFixture.model(rate: 0), TrainingFixture.model(rate: 0))
    let trainer = Self.trainer(model)
    let history = try trainer.fit(weighted, validation: weighted, epochs: 3, batchSize: 24)
    let other = Trainer(
      twin, optimizer: SGD(twin.parameters(), learningRate: 0.1), loss: crossEntropy, seed: 3, metrics: [.accuracy])
    let plain = try other.fit(repeated, validation: repeated, epochs: 3, batchSize: repeated.count)
    expectTrue(Self.isNear(model, twin))
    for (a, b) in zip(history.epochs, plain.epochs) {
      expectLess(abs(a.trainLoss - b.trainLoss), 1e-5)
      try expectLess(abs(unwrapped(a.validationLoss) - unwrapped(b.validationLoss)), 1e-5)
      try expectLess(
        abs(unwrapped(a.validationMetrics?["accuracy"]) - unwrapped(b.validationMetrics?["accuracy"])), 1e-12)
    }
    let evaluation = model.evaluate(on: weighted, weightedLoss: Self.loss, batchSize: 4)
    expectLess(
      abs(evaluation.loss - twin.evaluate(on: repeated, loss: crossEntropy).loss), 1e-5, "batches of 4, one of weight 0"
    )
  }

  @Test func microBatchesAddUpByWeight() throws {
    let (whole, parts) = (TrainingFixture.model(), TrainingFixture.model())
    let first = try Self.trainer(whole).fit(weighted, epochs: 2, batchSize: 24)
    let second = try Self.trainer(parts, microBatchSize: 1).fit(weighted, epochs: 2, batchSize: 24)
    expectTrue(Self.isNear(whole, parts))
    expectLess(abs(first.epochs[1].trainLoss - second.epochs[1].trainLoss), 1e-6)
    expectEqual(first.epochs[1].trainAccuracy, second.epochs[1].trainAccuracy)
  }

  /// The loss of an epoch is that over its samples, also where it is continued from a file.
  @Test func anEpochIsAveragedByWeightAcrossAFile() throws {
    // So small that the weight of a batch is not the number of its samples.
    let weighted = TensorDataset(
      inputs: points.inputs, labels: points.labels, weights: Tensor(counts.map { Float($0) / 10 }))
    let stop = StopSignal()
    func trainer(_ callbacks: [any Callback] = []) -> Trainer<TinyNetwork> {
      let model = TrainingFixture.model()
      return Trainer(
        model, optimizer: SGD(model.parameters(), learningRate: 1e-9), weightedLoss: Self.loss, seed: 3,
        callbacks: callbacks, stopSignal: stop)
    }
    let whole = try trainer().fit(weighted, epochs: 1, batchSize: 12)
    try withTemporaryFolder { folder in
      let first = trainer([.onStepEnd { _ in stop.request() }])
      try first.fit(weighted, epochs: 1, batchSize: 12)
      stop.reset()
      try first.state().write(to: folder + "/state.safetensors")
      let second = trainer()
      try second.load(try TrainingState.read(folder + "/state.safetensors"))
      try expectEqual(second.fit(weighted, epochs: 1, batchSize: 12).last?.trainLoss, whole.last?.trainLoss)
    }
  }

  @Test func withoutWeightsTheyAreOne() throws {
    let (model, twin) = (TrainingFixture.model(), TrainingFixture.model())
    let ones = TensorDataset(inputs: points.inputs, labels: points.labels, weights: .full([24], 1))
    try Self.trainer(model).fit(points, epochs: 1, batchSize: 10)
    try Self.trainer(twin).fit(ones, epochs: 1, batchSize: 10)
    expectEqual(TrainingFixture.bits(model), TrainingFixture.bits(twin))
  }

  @Test func weightsThatCannotBeUsedAreErrors() throws {
    let refused = try moultError {
      try TrainingFixture.trainer(TrainingFixture.model()).fit(weighted, epochs: 1, batchSize: 10)
    }
    expectTrue(refused.code == .usage && refused.location == "epoch 1, step 1")
    expectTrue(refused.message.hasSuffix("which the loss does not take; use Trainer(weightedLoss:)"))
    let nothing = weighted.subset(at: [0, 4, 5])
    let empty = try moultError { try Self.trainer(TrainingFixture.model()).fit(nothing, epochs: 1, batchSize: 3) }
    expectTrue(
      empty.code == .badData && empty.message.contains("expected a batch with a weight above 0, got 3 samples"))
  }
}
