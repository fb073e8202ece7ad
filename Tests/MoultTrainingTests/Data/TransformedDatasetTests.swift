import Moult
import MoultTestSupport
import Testing

@Suite struct TransformedDatasetTests {
  private static let data = TrainingFixture.points(50)

  private static func noisy(_ data: some Dataset, _ deviation: Double = 0.5) -> some Dataset {
    data.transformed { batch, draws in
      let noise = draws.normal([4], standardDeviation: deviation)
      return batch.replacing(inputs: batch.inputs + noise)
    }
  }

  /// The numbers are those of `bits64`, `uniform_float` and `gaussian` of Scripts/reference/masklaw.py.
  @Test func drawsAreThoseOfTheReference() throws {
    let data = Self.data.transformed { batch, draws in
      let below = draws.uniform([])
      return Batch(inputs: below.reshaped([batch.count, 1]), labels: batch.labels, indices: batch.indices)
    }.transformed { batch, draws in
      let uniform = draws.uniform([2]), normal = draws.normal([2])
      let whole = Tensor(draws.integers(in: -2..<8).map { Float($0) }, shape: [batch.count, 1])
      return Batch(
        inputs: concatenate([uniform, normal, whole, batch.inputs], axis: 1), labels: batch.labels,
        indices: batch.indices)
    }
    let batch = try data.batch(at: [3, 1], of: EpochKey(seed: 5, epoch: 2))
    let wanted: [Double] = [
      0.815635621547699, 0.7577692866325378, 0.5215853829655828, -0.21384413530201665, 4, 0.9650934338569641,
      0.45322489738464355, 0.9942695498466492, -0.602082050854607, -0.6303926343310418, 1, 0.3219934105873108,
    ]
    expectEqual(batch.inputs.scalars(as: Float.self), wanted.map { Float($0) })
    expectNotEqual(try data.batch(at: [3, 1], of: EpochKey(seed: 5, epoch: 3)).inputs, batch.inputs)
    expectNotEqual(try data.batch(at: [3, 1], of: EpochKey(seed: 6, epoch: 2)).inputs, batch.inputs)
    expectEqual(try data.batch(at: [1]).inputs, try data.batch(at: [1], of: EpochKey(seed: 0, epoch: 0)).inputs)
  }

  @Test func trainingDoesNotDependOnThreadsPrefetchingOrAnInterruption() throws {
    func weights(_ data: some Dataset, threads: Int = 1, stopAt: Int? = nil) throws -> [UInt32] {
      let model = TrainingFixture.model(), stop = StopSignal()
      let trainer = TrainingFixture.trainer(
        model, callbacks: [.onStepEnd { if $0.step == stopAt { stop.request() } }], stopSignal: stop)
      try withThreads(threads) {
        try trainer.fit(data, epochs: 2, batchSize: 8)
        if stopAt != nil {
          stop.reset()
          try trainer.fit(data, epochs: 1, batchSize: 8)
        }
      }
      return TrainingFixture.bits(model)
    }
    let known = try weights(Self.noisy(Self.data))
    expectNotEqual(try weights(Self.data), known)
    expectNotEqual(try weights(Self.noisy(Self.data, 0.4)), known)
    expectEqual(try weights(Self.noisy(Self.data), threads: 3), known)
    expectEqual(try weights(Self.noisy(Self.data).prefetched()), known)
    expectEqual(try weights(Self.noisy(Self.data.prefetched(1)), stopAt: 9), known)
    expectEqual(try weights(Self.noisy(OwnDataset(base: Self.data)), stopAt: 12), known)
  }

  @Test func wrappersKeepTheShuffling() throws {
    let data = OwnDataset(base: Self.data, shuffling: .blocks(of: 9, buffered: 2), prefetchedBatches: 3)
    let noisy = Self.noisy(data)
    expectEqual(noisy.shuffling, data.shuffling)
    expectEqual(noisy.prefetchedBatches, 3)
    expectEqual(noisy.prefetched(5).shuffling, data.shuffling)
    expectEqual(noisy.prefetched(5).prefetchedBatches, 5)
    expectEqual(noisy.prefetched(5).count, 50)
  }
}
