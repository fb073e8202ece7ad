import MoultCore
import MoultNN
import Synchronization
import MoultTestSupport
import Testing

/// What `diagnose(on:)` says of the members of the dropout family, and of what they are put into.
@Suite struct VariantDiagnosisTests {
  private let batch = Tensor.randomNormal([64, 20], seed: 1)

  private func faults(_ findings: [Finding]) -> [Finding] { findings.filter { $0.severity > .note } }

  // MARK: - Rates

  @Test func ratesThatAreUsualAreNoFaults() {
    let images = Tensor.ones([4, 1, 8, 8])
    expectTrue(Cutout(size: 3).diagnose(on: images).isHealthy)
    expectTrue(Sequential(Residual(Sequential(Linear(20, 20)))).diagnose(on: batch).isHealthy)
  }

  @Test func eachLayerSaysWhatARateOfOneDoes() throws {
    func what(_ layer: any Module<Tensor, Tensor>) throws -> String {
      let finding = try unwrapped(faults(Sequential(layer).diagnose(on: batch)).first { $0.kind == .extremeRate })
      expectTrue(finding.severity == .error && finding.layer == "0")
      return finding.what
    }
    try expectEqual(what(DropPath(1)), "has rate 1: it drops its branch for every sample, which so never learns")
    try expectEqual(
      what(LayerDrop(1, ReLU())), "has rate 1: it skips its layer in all of training, which so never learns")
    try expectTrue(what(DropConnect(20, 4, rate: 1)).contains("nothing but its bias is left"))
    try expectTrue(what(WeightDrop(1)).contains("no weight is left"))
    try expectTrue(what(AlphaDropout(1)).contains("lets nothing through"))
    let cutout = Cutout(size: 3, rate: 0).diagnose(on: Tensor.ones([4, 1, 8, 8]))
    expectEqual(cutout.map(\.what), ["has rate 0: it cuts no image"])
  }

  @Test func aRateThatAScheduleEndedAtZeroIsNoMistake() {
    let model = Sequential(Linear(20, 8), Dropout(0.5), Linear(8, 8), GaussianDropout(0.5))
    let rates = ScheduledRates(model, EarlyRate(0.5, for: 10))
    rates.apply(at: 10)
    expectTrue(model.diagnose(on: batch).isHealthy)
    rates.apply(at: 0)
    expectTrue(model.diagnose(on: batch).isHealthy)
    expectTrue(!Sequential(Linear(20, 8), Dropout(0)).diagnose(on: batch).isHealthy, "this one was made so")
  }

  /// A layer of a user of the library.
  private final class Own: Module, RatedLayer {
    let dropoutState: DropoutState
    init(_ rate: Double) { dropoutState = DropoutState(rate: rate, of: "Own") }
    func callAsFunction(_ x: Tensor) -> Tensor { dropoutState.nextDraws()?.dropout(x) ?? x }
  }

  @Test func soItIsForALayerOfOnesOwn() {
    let own = Own(0)
    expectEqual(faults(own.diagnose(on: batch)).map(\.severity), [.warning])
    own.rate = 1
    expectEqual(faults(own.diagnose(on: batch)).map(\.severity), [.error])
    own.rate = 0
    expectTrue(own.diagnose(on: batch).isHealthy, "a schedule ended there")
  }

  // MARK: - Realised rates

  /// Every layer with masks, and the units that are drawn by themselves in one pass over 64 rows, or in several.
  @Test func keptUnitsAreCountedOverWhatIsDrawnByItself() throws {
    func units(_ model: any Module<Tensor, Tensor>, on batch: Tensor) throws -> Double {
      let finding = try unwrapped(Sequential(model).diagnose(on: batch).first { $0.kind == .keepRate })
      expectEqual(finding.severity, .note, "\(finding)")
      let (kept, z, rate) = try (
        unwrapped(finding.values["kept"]), unwrapped(finding.values["z"]), unwrapped(finding.values["rate"])
      )
      let units = try unwrapped(finding.values["units"])
      expectLess(abs(z - (kept - (1 - rate)) / (rate * (1 - rate) / units).squareRoot()), 1e-6)
      return units
    }
    let wide = Tensor.ones([64, 128])
    try expectEqual(units(Dropout(0.5), on: wide), 64 * 128)
    try expectEqual(units(Dropout(0.5, sharing: .groups(of: 4)), on: wide), 2 * 16 * 128, "two passes")
    try expectEqual(units(Dropout(0.5, sharing: .batch), on: wide), 32 * 128, "one sample's in each of 32 passes")
    try expectEqual(units(Dropout(0.5, sharing: .time()), on: Tensor.ones([64, 5, 64])), 64 * 64)
    try expectEqual(units(Dropout(0.5, sharing: .channels), on: Tensor.ones([64, 64, 3, 3])), 64 * 64)
    try expectEqual(units(Dropout(0.5, batchAxis: 2), on: Tensor.ones([8, 8, 64])), 64 * 64)
    try expectEqual(units(AlphaDropout(0.2), on: wide), 64 * 128)
    try expectEqual(units(DropConnect(128, 64, rate: 0.5), on: wide), 128 * 64, "weights, the same for all rows")
    try expectEqual(units(WeightDrop(0.5), on: wide), 64 * 128)
    try expectEqual(units(DropPath(0.3), on: wide), 64 * 64, "a unit a sample, over 64 passes")
    try expectEqual(units(LayerDrop(0.3, ReLU()), on: wide), 64, "a unit a pass")
    try expectEqual(units(Cutout(size: 3, rate: 0.5), on: Tensor.ones([64, 1, 8, 8])), 64 * 64)
    try expectEqual(
      units(DropBlock(0.2, blockSize: 3), on: Tensor.ones([64, 2, 8, 8])), 64 * 2 * 6 * 6, "middles of blocks")
  }

  @Test func ofBlocksTheRateOfTheirMiddlesCounts() throws {
    let finding = try unwrapped(
      Sequential(DropBlock(0.2, blockSize: 3)).diagnose(on: Tensor.ones([64, 2, 8, 8])).first {
        $0.kind == .keepRate
      })
    let rate = try unwrapped(finding.values["rate"])
    expectLess(abs(rate - 0.2 * 64 / (9.0 * 36)), 1e-9)
  }

  @Test func anAxisForTheSamplesThatIsNotTheFirstIsNoObstacle() {
    expectTrue(Sequential(Dropout(0.5, batchAxis: 2)).diagnose(on: Tensor.ones([4, 5, 6])).isHealthy)
  }

  // MARK: - Modes

  /// Keeps a running statistic, as batch normalization does.
  private final class Running: Module {
    let mode = LayerMode()
    let seen = Mutex(0)
    func callAsFunction(_ x: Tensor) -> Tensor {
      if mode.current == .training { seen.withLock { $0 += 1 } }
      return x
    }
  }

  @Test func statisticsInsideALayerThatDrawsStandStill() {
    let running = Running()
    let model = Sequential(Linear(20, 20), LayerDrop(0.5, Sequential(Dropout(0.5), running)))
    _ = model.diagnose(on: batch, workers: [WorkerMasks(firstSample: 0), WorkerMasks(firstSample: 64)])
    expectEqual(running.seen.withLock { $0 }, 0)
  }

  @Test func whatASkippedLayerHoldsIsNotCalledInactive() {
    for seed in 0..<16 as Range<UInt64> {
      for rate in [0.5, 0.99, 1e-3] {
        let findings = withSeed(seed) {
          Sequential(Linear(20, 20), LayerDrop(rate, Sequential(Linear(20, 20), LayerDrop(rate, Dropout(0.1)))))
            .diagnose(on: batch)
        }
        expectTrue(findings.isHealthy, "\(seed) \(rate): \(faults(findings))")
      }
    }
  }

  private struct Forgetful: Module {
    let dropout = Dropout(0.5)
    func callAsFunction(_ x: Tensor) -> Tensor { x + 0 }
  }

  @Test func whatIsLeftOutInsideALayerThatIsSkippedAtTimesIsFound() throws {
    let finding = try unwrapped(faults(LayerDrop(0.5, Forgetful()).diagnose(on: batch)).first)
    expectTrue(finding.kind == .neverActiveInTraining && finding.layer == "layer.dropout")
  }

  /// Adds noise, the same for all rows, around a model that leaves its dropout out.
  private final class NoiseAround: Module, StochasticLayer {
    let dropoutState = DropoutState(draws: .perCall)
    let inner = Forgetful()

    func callAsFunction(_ x: Tensor) -> Tensor {
      guard let draws = dropoutState.nextDraws() else { return inner(x) }
      return inner(x) + draws.normal([x.shape[1]])
    }
  }

  /// A layer that draws for its call is not one that skips what it holds.
  @Test func aLayerLeftOutInsideALayerOfNoiseIsFound() throws {
    let finding = try unwrapped(faults(NoiseAround().diagnose(on: batch)).first)
    expectTrue(finding.kind == .neverActiveInTraining && finding.layer == "inner.dropout")
  }

  @Test func aLayerInsideOneThatIsAlwaysSkippedIsNotCalledInactive() {
    let findings = faults(LayerDrop(1, Sequential(Dropout(0.5))).diagnose(on: batch))
    expectEqual(findings.map(\.kind), [.extremeRate])
  }

  private struct Unused: Module {
    let skipped = LayerDrop(0.5, Sequential(Dropout(0.5)))
    func callAsFunction(_ x: Tensor) -> Tensor { x + 0 }
  }

  @Test func aFixedPieceDoesNotMakeWhatHoldsItFixed() throws {
    let model = Unused()
    model.skipped.layer.fixMode(.evaluation)
    let inactive = model.diagnose(on: batch).filter { $0.kind == .neverActiveInTraining }
    expectEqual(inactive.map(\.layer), ["skipped", "skipped.layer.0"])
    expectEqual(inactive.map(\.severity), [.warning, .note])
  }

  // MARK: - Workers

  @Test func rowsInCommonAreCountedAsByHand() {
    var tried = 0
    var wrong: [String] = []
    for first in 0..<5 {
      for stride in 0..<7 {
        for count in 0..<6 {
          let a = SampleProgression(first: first, stride: stride, count: count)
          for otherFirst in [0, 1, 4, 9] {
            for otherStride in 0..<7 {
              for otherCount in [0, 1, 3, 6] {
                let b = SampleProgression(first: otherFirst, stride: otherStride, count: otherCount)
                let samples = Set((0..<otherCount).map { otherFirst + otherStride * $0 })
                let byHand = (0..<count).count { samples.contains(first + stride * $0) }
                if a.rowsShared(with: b) != byHand { wrong.append("\(a) \(b)") }
                tried += 1
              }
            }
          }
        }
      }
    }
    expectTrue(wrong.isEmpty, "\(wrong.count), such as \(wrong.first ?? "")")
    expectEqual(tried, 5 * 7 * 6 * 4 * 7 * 4)
  }

  @Test func largeStridesAndManyWorkersAreNoMatter() {
    let a = SampleProgression(first: 3, stride: 65_537, count: 65_000)
    let b = SampleProgression(first: 3 + 65_537 * 7, stride: 65_537 * 64, count: 1_000)
    expectTrue(a.rowsShared(with: b) == 1_000 && b.rowsShared(with: a) == 1_000)
    let row = SampleProgression(first: 5, stride: .max, count: 1)
    expectTrue(row.rowsShared(with: a) == 0 && a.rowsShared(with: row) == 0)
    let near = SampleProgression(first: 0, stride: 5, count: 3)
    expectTrue(row.rowsShared(with: near) == 1 && near.rowsShared(with: row) == 1)
    let model = Sequential(Linear(20, 8), Dropout(0.5))
    var workers = (0..<1_024).map { WorkerMasks(firstSample: $0, sampleStride: 1_024) }
    expectTrue(model.diagnose(on: batch, workers: workers).isHealthy)
    workers[1_023].firstSample = 1_022
    let finding = model.diagnose(on: batch, workers: workers)[0]
    expectEqual(finding.values, ["first_worker": 1_022, "second_worker": 1_023, "shared": 64, "rows": 64])
  }

  @Test func theRowsOfAWorkersBatchAreItsOwn() {
    let model = Sequential(Linear(20, 8), Dropout(0.5))
    let workers = (0..<2).map { WorkerMasks(firstSample: 32 * $0, rows: 32) }
    expectTrue(model.diagnose(on: batch, workers: workers).isHealthy)
    expectTrue(!model.diagnose(on: batch, workers: workers.map { WorkerMasks(firstSample: $0.firstSample) }).isHealthy)
  }

  @Test func samplesBeyondTheMaskLawStopTheProgram() async throws {
    let result = try unwrapped(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Sequential(Dropout(0.5)).diagnose(
          on: .ones([4, 4]), workers: (0..<2).map { WorkerMasks(firstSample: .max - $0, sampleStride: 3) })
      })
    expectTrue(
      String(decoding: result.standardErrorContent, as: UTF8.self).contains("WorkerMasks: expected samples in 0..<2^32")
    )
  }
}
