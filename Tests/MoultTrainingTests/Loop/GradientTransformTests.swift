import Moult
import Synchronization
import MoultTestSupport
import Testing

/// What a trainer does between the backward pass and the optimizer's step.
@Suite struct GradientTransformTests {
  /// Notes what it was called with and changes nothing.
  private final class Observer: GradientTransform {
    private let calls = Mutex<[(step: Int, gradients: [Tensor], gradientsEnabled: Bool)]>([])
    var seen: [(step: Int, gradients: [Tensor], gradientsEnabled: Bool)] { calls.withLock { $0 } }

    func apply(to parameters: [Parameter], step: Int) {
      let isRecording = parameters[0].value.requiresGradient
      calls.withLock { $0.append((step, parameters.compactMap(\.gradient), isRecording)) }
    }
  }

  private struct Scaled: GradientTransform {
    let factor: Double
    func apply(to parameters: [Parameter], step: Int) {
      for parameter in parameters { parameter.gradient = parameter.gradient.map { $0 * factor } }
    }
  }

  private let data = TrainingFixture.points(60)

  private func trained(
    _ transforms: [any GradientTransform], microBatchSize: Int? = nil, learningRate: Double = 0.1,
    prepare: (TinyNetwork) -> Void = { _ in }
  ) throws -> [UInt32] {
    let model = TrainingFixture.model()
    prepare(model)
    let trainer = Trainer(
      model, optimizer: SGD(model.parameters(), learningRate: learningRate, momentum: 0.9), loss: crossEntropy, seed: 3,
      gradientTransforms: transforms, microBatchSize: microBatchSize)
    try trainer.fit(data, epochs: 3, batchSize: 20)
    return TrainingFixture.bits(model)
  }

  @Test func gradientsThatAreWrittenGiveTheWeightsOfThoseThatAreNot() throws {
    let observer = Observer()
    try expectEqual(trained([observer]), trained([]))
    expectEqual(observer.seen.map(\.step), Array(0..<9))
    expectTrue(observer.seen.allSatisfy { $0.gradients.count == 4 && !$0.gradientsEnabled })
  }

  @Test func theStepTakesWhatTheTransformsLeaveInTheirOrder() throws {
    // Powers of two scale without rounding.
    try expectEqual(trained([Scaled(factor: 0.5)]), trained([], learningRate: 0.05))
    let last = Observer()
    _ = try trained([Scaled(factor: 0.5), .clipValue(0.01), last])
    let values = last.seen.flatMap(\.gradients).flatMap { $0.scalars(as: Double.self) }
    let limit = Double(Float(0.01))
    expectTrue(values.allSatisfy { abs($0) <= limit } && values.contains(limit) && values.contains { abs($0) < limit })
  }

  @Test func clippingIsThatOfALoopByHand() throws {
    let model = TrainingFixture.model()
    let optimizer = SGD(model.parameters(), learningRate: 0.1, momentum: 0.9)
    var norms: [Double] = []
    withSeed(3) {
      model.train()
      for epoch in 0..<3 {
        for (index, batch) in data.batches(of: 20, shuffledBy: 3, epoch: epoch).enumerated() {
          withStep(epoch * 3 + index) { crossEntropy(model(batch.inputs), batch.labels) }.backward()
          norms.append(clipGradients(model.parameters(), maxNorm: 0.3))
          optimizer.step()
          optimizer.clearGradients()
        }
      }
    }
    expectTrue(norms.contains { $0 > 0.3 })
    try expectEqual(trained([.clipNorm(0.3)]), TrainingFixture.bits(model))
  }

  @Test func microBatchesAreAddedUpFirst() throws {
    let whole = Observer(), parts = Observer()
    _ = try trained([whole])
    _ = try trained([parts], microBatchSize: 7)
    expectEqual(parts.seen.map(\.step), Array(0..<9))
    for (a, b) in zip(whole.seen[0].gradients, parts.seen[0].gradients) {
      expectTrue(zip(a.scalars(as: Double.self), b.scalars(as: Double.self)).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test func frozenParametersAreLeftAlone() throws {
    let observer = Observer()
    _ = try trained([observer]) { $0.hidden.freeze() }
    expectTrue(observer.seen.allSatisfy { $0.gradients.map(\.shape) == [[3, 16], [3]] })
  }

  // MARK: - Weight decay by a schedule

  @Test func weightDecayFollowsItsSchedule() throws {
    func trained(_ optimizer: (TinyNetwork) -> any Optimizer, _ weightDecay: (any Schedule)?) throws -> [UInt32] {
      let model = TrainingFixture.model()
      let trainer = Trainer(
        model, optimizer: optimizer(model), loss: crossEntropy, seed: 3, weightDecay: weightDecay)
      try trainer.fit(data, epochs: 2, batchSize: 20)
      return TrainingFixture.bits(model)
    }
    func makers(_ decay: Double) -> [(TinyNetwork) -> any Optimizer] {
      [
        { SGD($0.parameters(), learningRate: 0.1, weightDecay: decay) },
        { Adam($0.parameters(), weightDecay: decay) }, { AdamW($0.parameters(), weightDecay: decay) },
        { GradientNoise(SGD($0.parameters(), learningRate: 0.1, weightDecay: decay), variance: 0) },
      ]
    }
    for (plain, decaying) in zip(makers(0), makers(0.1)) {
      try expectEqual(trained(plain, ConstantSchedule(0.1)), trained(decaying, nil))
      try expectNotEqual(trained(plain, LinearSchedule(from: 0, to: 0.1, over: 6)), trained(plain, nil))
    }
  }
}
