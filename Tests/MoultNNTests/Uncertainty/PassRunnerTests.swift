import Foundation
import MoultCore
import MoultNN
import MoultTestSupport
import Synchronization
import Testing

/// Records how many rows it gets, and returns them as they are.
private final class RowCounter: Module {
  private let counts = Mutex<[Int]>([])
  var seen: [Int] { counts.withLock { $0 } }

  func callAsFunction(_ x: Tensor) -> Tensor {
    counts.withLock { $0.append(x.shape[0]) }
    return x
  }
}

@Suite struct PassRunnerTests {
  /// Passes one after the other, as a loop written by hand.
  private func byHand(_ model: some Module<Tensor, Tensor>, _ x: Tensor, _ passes: Int) -> Tensor {
    model.sampling { stack((0..<passes).map { pass in withStep(pass) { model(x) } }) }
  }

  // MARK: - The same bits

  /// A table of words or a matrix of weights is no batch whose rows could be repeated.
  @Test(arguments: DropoutVariant.tried.filter(\.trial.hasSamples))
  func everyVariantGivesThePassesThatALoopGives(variant: TriedVariant) {
    let trial = variant.trial
    for rate in trial.rates {
      let x = samples(trial.shape, in: 1..<2, dtype: .float32), probe = trial.make(rate, .float32)
      let keepsShape = probe.evaluating { withGradients(false) { probe(x) } }.shape == x.shape
      let model = withSeed(3) {
        keepsShape
          ? Sequential(trial.make(rate, .float32), trial.make(rate, .float32)) : Sequential(trial.make(rate, .float32))
      }
      model.train()
      let wanted = byHand(model, x, 5)
      expectTrue(sameBits(model.sampledOutputs(x, passes: 5), wanted), "rate \(rate)")
      expectTrue(sameBits(model.sampledOutputs(x, passes: 5, batchSize: 7), wanted), "rate \(rate), 7 rows at once")
    }
  }

  /// Weights and tables that are dropped inside a model are the same for all rows of a pass.
  @Test func soDoModelsThatDropWeightsAndWords() {
    struct Dropping: Module {
      let drop = WeightDrop(0.5)
      let weight = Parameter(.randomNormal([6, 6], seed: 1))

      func callAsFunction(_ x: Tensor) -> Tensor {
        let table = embeddingDropout(weight.value, rate: 0.5, mode: drop.mode, stream: 7)
        return matmul(matmul(x, drop(weight.value)), table)
      }
    }
    let model = Dropping(), x = Tensor.randomNormal([11, 6], seed: 5)
    model.train()
    let wanted = byHand(model, x, 5)
    expectNotEqual(wanted[0], wanted[1])
    for batchSize in [7, 10_000] {
      expectTrue(sameBits(model.sampledOutputs(x, passes: 5, batchSize: batchSize), wanted))
    }
  }

  /// A vector is one sample, in one piece.
  @Test func soDoVectors() {
    let model = Dropout(0.5, stream: 1), x = Tensor.ones([100]), wanted = byHand(model, x, 30)
    for batchSize in [1, 50, 100, 250, 10_000] {
      expectTrue(sameBits(model.sampledOutputs(x, passes: 30, batchSize: batchSize), wanted), "\(batchSize) at once")
    }
  }

  /// A layer that is skipped in some passes must not shift what is known of the draws after it.
  @Test func soDoModelsThatSkipLayers() {
    struct Skipping: Module {
      let first = LayerDrop(0.2, Dropout(0.5)), second = LayerDrop(0.2, Dropout(0.3))
      func callAsFunction(_ x: Tensor) -> Tensor { second(first(x)) }
    }
    let model = Skipping(), x = Tensor.ones([30, 16])
    model.eval()
    let wanted = byHand(model, x, 40)
    for batchSize in [41, 400, 10_000] {
      expectTrue(
        sameBits(model.sampledOutputs(x, passes: 40, batchSize: batchSize), wanted), "\(batchSize) rows at once")
    }
    let functions = model.sampledOutputs(x, passes: 40, masks: .perPass, batchSize: 41)
    expectTrue((0..<30).allSatisfy { sameBits(functions[0..., $0..<$0 + 1], functions[0..., 0..<1]) })
  }

  /// With the masks of one sample for all rows, the places of a row differ and the rows agree.
  @Test func placesOfOneFunctionHaveMasksOfTheirOwn() {
    struct Places: Module {
      let drop = Dropout(0.5), noise = GaussianDropout(0.5)
      func callAsFunction(_ x: Tensor) -> Tensor {
        noise(drop(x.reshaped([-1, 8]))).reshaped([-1, 3, 8])
      }
    }
    let model = Places(), x = Tensor.ones([5, 3, 8])
    model.eval()
    let one = model.sampledOutputs(x[0..<1], passes: 4)
    for batchSize in [4, 10_000] {
      let all = model.sampledOutputs(x, passes: 4, masks: .perPass, batchSize: batchSize)
      expectTrue((0..<5).allSatisfy { sameBits(all[0..., $0..<$0 + 1], one) })
    }
    expectNotEqual(one[0, 0, 0], one[0, 0, 1])
  }

  @Test func recordingsOfTheSamePassesAreEqual() {
    let model = DropPath(0.5, stream: 0), x = Tensor.ones([5, 3])
    let first = recordingMasks { model.predict(x, passes: 1, as: .regression) }
    let second = recordingMasks { model.predict(x, passes: 1, as: .regression) }
    expectTrue(first.masks.masks.count == 1 && first.masks.masks == second.masks.masks)
  }

  /// Places of a sequence are samples, wherever the batch begins.
  @Test func soDoModelsWithSeveralSamplesForEachRow() {
    struct Places: Module {
      let drop = Dropout(0.5), noise = GaussianDropout(0.3), alpha = AlphaDropout(0.2, sharing: .groups(of: 3))
      let path = DropPath(0.5), standout = Standout(8, 8), cutout = Cutout(size: 2),
        block = DropBlock(0.4, blockSize: 2)

      func callAsFunction(_ x: Tensor) -> Tensor {
        let places = standout(path(alpha(noise(drop(x.reshaped([-1, 8]))))))
        let images = block(cutout(places.reshaped([-1, 1, 2, 4])))
        return images.reshaped([-1, 3, 8]).sum(axis: 1)
      }
    }
    let model = Places(), x = Tensor.randomNormal([7, 3, 8], seed: 5)
    model.eval()
    let wanted = byHand(model, x, 10)
    for batchSize in [1, 2, 5, 20, 33, 10_000] {
      expectTrue(
        sameBits(model.sampledOutputs(x, passes: 10, batchSize: batchSize), wanted), "\(batchSize) rows at once")
    }
  }

  @Test func aNetworkGivesThePassesThatALoopGives() {
    for dtype in [DType.float32, .float64] {
      let model = withSeed(1) { SimpleMLP(inputSize: 20, hiddenSize: 70, outputSize: 4, dtype: dtype) }
      model.eval()
      let x = Tensor.randomNormal([11, 20], dtype: dtype, seed: 5)
      let wanted = byHand(model, x, 30)
      for batchSize in [1, 3, 29, 40, 100, 10_000] {
        let got = model.sampledOutputs(x, passes: 30, batchSize: batchSize)
        expectTrue(sameBits(got, wanted), "\(dtype), \(batchSize) rows at once")
      }
    }
  }

  /// Branches before and after the first dropout, another shape in between, and the input again at the end.
  @Test func soDoesOneThatIsNoChain() {
    struct Branched: Module {
      let first = Linear(6, 8), second = Linear(8, 6), a = Dropout(0.5), b = Dropout(0.3), c = Dropout(0.25)

      func callAsFunction(_ x: Tensor) -> Tensor {
        let h = relu(first(x / 2 - Tensor([1, 2, 3, 4, 5, 6])))
        let both = concatenate([b(h), a(second(h)) + x], axis: 1).reshaped([-1, 7, 2])
        return c(both).reshaped([-1, 14]) * exp(h[0..., 0..<1]) + x.sum(axis: 1, keepingDimensions: true)
      }
    }
    let model = withSeed(1) { Branched() }
    model.eval()
    let x = Tensor.randomNormal([9, 6], seed: 2)
    expectTrue(sameBits(model.sampledOutputs(x, passes: 12), byHand(model, x, 12)))
  }

  @Test func recordingMasksChangesNothing() {
    let model = withSeed(1) { SimpleMLP(inputSize: 6, hiddenSize: 16, outputSize: 4) }
    model.eval()
    let x = Tensor.randomNormal([5, 6], seed: 5)
    let (recorded, masks) = recordingMasks { model.predict(x, passes: 8) }
    let plain = model.predict(x, passes: 8)
    expectTrue(sameBits(recorded.mean, plain.mean) && sameBits(recorded.mutualInformation, plain.mutualInformation))
    expectEqual(masks.masks.map(\.step), (0..<8).flatMap { [$0, $0] })
  }

  @Test func threadsAndInstructionSetsChangeNothing() {
    let model = withSeed(1) { SimpleMLP(inputSize: 30, hiddenSize: 200, outputSize: 5) }
    model.eval()
    let x = Tensor.randomNormal([300, 30], seed: 5)
    func results() -> [Tensor] {
      let prediction = model.predict(x, passes: 50, until: 0.02)
      return [
        prediction.mean, prediction.variance, prediction.standardError, prediction.entropy,
        prediction.mutualInformation,
      ]
    }
    let threads = ProcessSettings.underThreadCounts([1, 2, 5], results)
    for (count, result) in threads {
      expectTrue(zip(result, threads[0].result).allSatisfy(sameBits), "\(count) threads")
    }
    let sets = ProcessSettings.underEveryInstructionSet(results)
    for (name, result) in sets { expectTrue(zip(result, sets[0].result).allSatisfy(sameBits), "\(name)") }
  }

  // MARK: - Together

  @Test func passesGoTogetherThroughTheModel() {
    let counter = RowCounter(), model = Sequential(Dropout(0.5), counter, Linear(4, 2))
    _ = model.predict(.ones([10, 4]), passes: 50)
    // The last row of the last pass of the first batch is run alone.
    expectEqual(counter.seen, [1, 500])
  }

  @Test(arguments: [1, 30, 64, 1_000]) func noBatchHasMoreRowsThanAsked(batchSize: Int) {
    let counter = RowCounter(), model = Sequential(Dropout(0.5), counter, Linear(4, 2))
    _ = model.predict(.ones([10, 4]), passes: 50, batchSize: batchSize)
    let audited = batchSize == 1 ? 0 : 1
    expectTrue(counter.seen.max().map { $0 <= batchSize } == true && counter.seen.reduce(0, +) == 500 + audited)
  }

  @Test func layersThatDrawForOnePassAloneGetOneAfterTheOther() {
    let counter = RowCounter(), model = Sequential(DropConnect(4, 4, rate: 0.5), counter)
    _ = model.predict(.ones([10, 4]), passes: 5)
    expectEqual(counter.seen, [10, 10, 10, 10, 10])
  }

  /// A step scope inside the model gives its rows other samples than those of a pass-major batch.
  @Test func aStepScopeInsideIsHonoured() {
    struct Scoped: Module {
      let dropout = Dropout(0.5, stream: 1)
      func callAsFunction(_ x: Tensor) -> Tensor { withStep(3, firstSample: 100) { dropout(x) } }
    }
    let model = Scoped(), x = Tensor.ones([4, 50])
    let outputs = model.sampledOutputs(x, passes: 3)
    expectTrue((0..<3).allSatisfy { sameBits(outputs[$0], model.sampling { model(x) }) })
  }

  // MARK: - One function a pass

  @Test func aPassCanBeOneFunctionOfAllRows() {
    let model = withSeed(1) { Sequential(Linear(1, 50), Tanh(), Dropout(0.5), Linear(50, 1)) }
    model.eval()
    let same = Tensor.ones([30, 1])
    let functions = model.sampledOutputs(same, passes: 4, masks: .perPass)
    let rows = functions.scalars(as: Float.self)
    for pass in 0..<4 { expectEqual(Set(rows[pass * 30..<(pass + 1) * 30]).count, 1, "pass \(pass)") }
    expectEqual(Set(rows).count, 4)
    let split = model.sampledOutputs(same, passes: 4, masks: .perPass, batchSize: 10)
    expectTrue(sameBits(split, functions))
    let apart = model.sampledOutputs(same, passes: 4)
    expectGreater(Set(apart.scalars(as: Float.self)).count, 60)
  }

  // MARK: - Early stop

  @Test func rowsStopOnceTheyAreKnownWellEnough() {
    // Row 0 has no spread, row 1 some, row 2 much.
    let model = Dropout(0.5, stream: 0), x = Tensor([[0], [0.5], [4]])
    let prediction = model.predict(x, passes: 5_000, as: .regression, until: 0.05)
    expectEqual(prediction.passes[0], 32)
    // The deviation of a row is its value: (0.5 / 0.05)² = 100 passes, (4 / 0.05)² = 6400.
    expectTrue((96...128).contains(prediction.passes[1]) && prediction.passes[2] == 5_000)
    let errors = prediction.standardError.scalars(as: Float.self)
    expectTrue(errors[1] <= 0.05 && errors[2] > 0.05)
    // A row has the values of as many passes over that row alone, whatever the other rows are.
    let alone = model.predict(x[1..<2], passes: prediction.passes[1], as: .regression, firstSample: 1)
    expectTrue(sameBits(alone.mean, prediction.mean[1..<2]) && sameBits(alone.variance, prediction.variance[1..<2]))
    for batchSize in [1, 50, 77] {
      let split = model.predict(x, passes: 5_000, as: .regression, until: 0.05, batchSize: batchSize)
      expectTrue(split.passes == prediction.passes && sameBits(split.mean, prediction.mean))
    }
  }

  // MARK: - Memory

  @Test func memoryDoesNotGrowWithThePasses() {
    let model = withSeed(1) { SimpleMLP(inputSize: 30, hiddenSize: 200, outputSize: 5) }
    model.eval()
    let counter = RowCounter(), whole = Sequential(model, counter)
    let x = Tensor.randomNormal([300, 30], seed: 5)
    for (samples, rows) in [(10, 300), (1_000, 300), (20_000, 1)] {
      _ = whole.predict(x[0..<rows], passes: samples)
    }
    // The widest layer has 200 numbers a row: no batch has more rows than make 2^20 of them.
    expectTrue(counter.seen.allSatisfy { $0 <= (1 << 20) / 200 })
  }

  #if os(Linux)
    /// All passes at once would take 400 MB for each hidden tensor here.
    @Test func aProcessNeedsLittleMemoryForManyPasses() async {
      await #expect(processExitsWith: .success) {
        /// The most memory that the process has had so far, in MiB.
        func peak() throws -> Double {
          let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
          let line = try unwrapped(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
          let kibibytes = Double(String(line.filter(\.isNumber)))
          return try unwrapped(kibibytes) / 1024
        }
        let model = withSeed(1) { SimpleMLP(inputSize: 30, hiddenSize: 200, outputSize: 5) }
        model.eval()
        let x = Tensor.randomNormal([1_000, 30], seed: 5), before = try peak()
        _ = model.predict(x, passes: 500)
        _ = predict(x[0..<1], passes: 100_000, as: .regression, rowsAreIndependent: true) { model($0) }
        try expectLess(peak() - before, 64)
      }
    }
  #endif
}
