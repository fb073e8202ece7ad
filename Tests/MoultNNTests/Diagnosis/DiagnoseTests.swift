import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Every finding has a model that has the illness and one that has not.
@Suite struct DiagnoseTests {
  private let batch = Tensor.randomNormal([64, 20], seed: 1)

  private func kinds(_ findings: [Finding]) -> Set<Finding.Kind> {
    Set(findings.filter { $0.severity > .note }.map(\.kind))
  }

  private func network(
    rate: Double = 0.5, maxNorm: MaxNorm? = nil
  ) -> Sequential {
    withSeed(3) {
      Sequential(
        Linear(20, 32, constraint: maxNorm), ReLU(), Dropout(rate), Linear(32, 32), ReLU(), Dropout(rate), Linear(32, 4)
      )
    }
  }

  // MARK: - A sound model

  @Test func aSoundModelHasNotesAlone() {
    let findings = network().diagnose(
      on: batch,
      workers: [WorkerMasks(firstSample: 0, sampleStride: 2), WorkerMasks(firstSample: 1, sampleStride: 2)])
    expectTrue(findings.isHealthy, "\(findings)")
    expectEqual(findings.filter { $0.kind == .keepRate }.map(\.layer), ["2", "5"])
  }

  /// Calls its dropout inside a custom operation, as a model does that recomputes parts in the backward pass.
  private final class Checkpointed: Module {
    let dropout = Dropout(0.5)
    func callAsFunction(_ x: Tensor) -> Tensor {
      customOperation("checkpoint", [x]) {
        self.dropout($0[0])
      } pullback: { gradient, _, _ in
        [gradient]
      }
    }
  }

  @Test func dropoutInsideACustomOperationIsSeen() {
    let findings = Sequential(Linear(20, 32), Checkpointed(), Linear(32, 4)).diagnose(on: batch)
    expectTrue(findings.isHealthy, "\(findings)")
    expectEqual(findings.filter { $0.kind == .keepRate }.map(\.layer), ["1.dropout"])
  }

  @Test func nothingIsChangedByALook() throws {
    let model = network(maxNorm: MaxNorm(1e-3))
    model.eval()
    let state = model.stateDictionary(), uses = model.stochasticLayers().map(\.layer.dropoutState.calls.uses)
    _ = model.diagnose(on: batch, workers: [WorkerMasks(firstSample: 0), WorkerMasks(firstSample: 0)])
    expectEqual(model.stateDictionary(), state)
    expectEqual(model.stochasticLayers().map(\.layer.dropoutState.calls.uses), uses)
    let dropouts = model.layers.compactMap { $0 as? Dropout }
    expectEqual(dropouts.map(\.mode), [.evaluation, .evaluation])
    expectTrue(model.parameters().allSatisfy { $0.gradient == nil })
  }

  @Test func findingsReadAsSentencesWorstFirst() throws {
    let findings = Sequential(Dropout(0), Dropout(1), Linear(20, 2)).diagnose(on: batch)
    expectEqual(findings.map(\.severity), [.error, .warning])
    expectEqual(findings.map(\.layer), ["1", "0"])
    expectEqual(
      findings.last?.description,
      "warning: 0: has rate 0: it drops nothing; remove it if that is meant, else give a rate")
  }

  // MARK: - Modes

  /// Drops whatever the mode is.
  private final class Stubborn: Module, StochasticLayer {
    let dropoutState = DropoutState()
    func callAsFunction(_ x: Tensor) -> Tensor { dropout(x, rate: 0.5, use: dropoutState.calls.nextUse(.training)) }
  }

  @Test func aLayerThatDropsInEvaluationIsNamed() throws {
    let findings = Sequential(Linear(20, 8), Stubborn()).diagnose(on: batch)
    let finding = try unwrapped(findings.first { $0.kind == .activeInEvaluation })
    expectTrue(finding.severity == .error && finding.layer == "1")
    expectTrue(!kinds(network().diagnose(on: batch)).contains(.activeInEvaluation))
  }

  /// Keeps its dropout where reflection does not look.
  private struct Hiding: Module {
    let linear = Linear(20, 8)
    let apply: @Sendable (Tensor) -> Tensor
    init() {
      let hidden = Dropout(0.5)
      apply = { hidden($0) }
    }
    func callAsFunction(_ x: Tensor) -> Tensor { apply(linear(x)) }
  }

  private struct Literal: Module {
    let linear = Linear(20, 8)
    func callAsFunction(_ x: Tensor) -> Tensor { dropout(linear(x), rate: 0.5, mode: .training) }
  }

  /// Random numbers that are no masks.
  private struct Noisy: Module {
    func callAsFunction(_ x: Tensor) -> Tensor { x + Tensor.randomNormal(x.shape) }
  }

  @Test func dropoutThatNoModeReachesIsFound() throws {
    let hidden = try unwrapped(Hiding().diagnose(on: batch).first { $0.kind == .activeInEvaluation })
    expectTrue(hidden.layer == "" && hidden.what.contains("reflection cannot find"))
    let literal = try unwrapped(Literal().diagnose(on: batch).first { $0.kind == .activeInEvaluation })
    expectTrue(literal.what.contains("functional dropout"))
    let noisy = try unwrapped(Noisy().diagnose(on: batch).first { $0.kind == .activeInEvaluation })
    expectTrue(noisy.what.contains("different outputs"))
  }

  private struct Forgetful: Module {
    let linear = Linear(20, 8)
    let dropout = Dropout(0.5)
    func callAsFunction(_ x: Tensor) -> Tensor { linear(x) }
  }

  @Test func aLayerThatTheForwardPassLeavesOutIsNeverActive() throws {
    let finding = try unwrapped(Forgetful().diagnose(on: batch).first { $0.kind == .neverActiveInTraining })
    expectTrue(finding.layer == "dropout" && finding.severity == .warning)
    let sound = network()
    sound.eval()
    expectTrue(!sound.diagnose(on: batch).contains { $0.kind == .neverActiveInTraining }, "eval() is no illness")
  }

  @Test func aLayerFixedInEvaluationIsWorthANote() throws {
    let model = network()
    model.freeze()
    model.layers[2].fixMode(.evaluation)
    let findings = model.diagnose(on: batch).filter { $0.kind == .neverActiveInTraining }
    expectTrue(findings.map(\.layer) == ["2"] && findings.map(\.severity) == [.note])
  }

  // MARK: - Rates

  @Test(arguments: [(0.0, Finding.Severity.warning), (1.0, .error)])
  func ratesOfNothingAndAllAreFound(rate: Double, severity: Finding.Severity) throws {
    let findings = network(rate: rate).diagnose(on: batch).filter { $0.kind == .extremeRate }
    expectTrue(findings.map(\.layer) == ["2", "5"] && findings.allSatisfy { $0.severity == severity })
    expectEqual(findings.first?.values, ["rate": rate])
    expectTrue(!kinds(network(rate: 0.999).diagnose(on: batch)).contains(.extremeRate))
  }

  /// Says one rate and drops at another.
  private final class Liar: Module, RatedLayer {
    let dropoutState: DropoutState
    private let dropped: Double
    init(_ rate: Double, dropped: Double) {
      (dropoutState, self.dropped) = (DropoutState(rate: rate, of: "Liar"), dropped)
    }
    func callAsFunction(_ x: Tensor) -> Tensor {
      dropoutState.nextDraws().map { dropout(x, rate: dropped, use: $0.use) } ?? x
    }
  }

  @Test func aRateThatIsNotKeptIsFoundWithItsZScore() throws {
    let batch = Tensor.ones([512, 512])
    for dropped in [0.75, 0.26] {
      let finding = try unwrapped(Sequential(Liar(0.25, dropped: dropped)).diagnose(on: batch).first)
      expectTrue(finding.kind == .keepRate && finding.severity == .error && finding.layer == "0")
      let kept = try unwrapped(finding.values["kept"]), z = try unwrapped(finding.values["z"])
      expectLess(abs(kept - (1 - dropped)), 0.006)
      expectTrue(abs(z - (kept - 0.75) / (0.75 * 0.25 / 262_144).squareRoot()) < 1e-9 && z < -5)
    }
    for rate in [0.5, 0.25, 0.9, 1e-9] {
      let finding = try unwrapped(Sequential(Dropout(rate)).diagnose(on: batch).first)
      expectTrue(finding.kind == .keepRate && finding.severity == .note, "\(finding)")
    }
  }

  // MARK: - Workers

  @Test func workersWithTheSameSamplesDrawTheSameMasks() throws {
    let ill = network().diagnose(on: batch, workers: [WorkerMasks(firstSample: 0), WorkerMasks(firstSample: 16)])
    let findings = ill.filter { $0.kind == .equalMasksOnWorkers }
    expectTrue(findings.map(\.layer) == ["2", "5"] && findings.allSatisfy { $0.severity == .error })
    expectTrue(findings.first?.values["shared"] == 48 && findings.first?.values["rows"] == 64)
    for workers in [
      [WorkerMasks(firstSample: 0), WorkerMasks(firstSample: 64)],
      [WorkerMasks(seed: 1, firstSample: 0), WorkerMasks(seed: 2, firstSample: 0)],
    ] { expectTrue(!kinds(network().diagnose(on: batch, workers: workers)).contains(.equalMasksOnWorkers)) }
  }

  @Test func whatIsCalledEqualAreEqualMasks() {
    let model = network()
    func pattern(_ worker: WorkerMasks) -> [Bool] {
      withSeed(worker.seed) {
        withStep(0, firstSample: worker.firstSample, sampleStride: worker.sampleStride) {
          zeroPattern(Sequential(model.layers[2])(Tensor.ones([64, 256])))
        }
      }
    }
    model.train()
    let shifted = pattern(WorkerMasks(firstSample: 16))
    expectEqual(Array(pattern(WorkerMasks(firstSample: 0)).dropFirst(16 * 256)), Array(shifted.dropLast(16 * 256)))
  }

  // MARK: - Weights and units

  @Test(arguments: [(1, Finding.Severity.note), (8, .warning), (32, .error)])
  func unitsThatAreNeverPositiveAreCounted(dead: Int, severity: Finding.Severity) throws {
    let model = network()
    let linear = try unwrapped(model.layers[3] as? Linear)
    let bias = (0..<32).map { $0 < dead ? -1e3 : 1.0 }
    try unwrapped(linear.bias).value = Tensor(bias.map { Float($0) })
    let finding = try unwrapped(model.diagnose(on: batch).first { $0.kind == .deadUnits })
    expectTrue(finding.layer == "3" && finding.severity == severity)
    expectEqual(finding.values, ["dead": Double(dead), "units": 32, "share": Double(dead) / 32, "samples": 64])
    for case let layer as Linear in model.layers.dropLast() {
      try unwrapped(layer.bias).value = Tensor.full([32], 10)
    }
    expectTrue(!model.diagnose(on: batch).contains { $0.kind == .deadUnits })
  }

  private struct Channels: Module {
    func callAsFunction(_ x: Tensor) -> Tensor { relu(x) }
  }

  /// Channels of images and volumes, features of sequences: never times and never places.
  @Test(arguments: [
    ([2, 3, 2, 1], 3, 1), ([2, 3, 1, 2, 1], 3, 1), ([2, 2, 3], 3, 1), ([2, 3, 2], 2, 0), ([4, 3], 3, 1),
  ])
  func unitsAreChannelsOrFeatures(shape: [Int], units: Int, dead: Int) throws {
    let values = Tensor([-1, 2, -3, -4, -5, -6, -7, -8, 9, -1, -1, -1] as [Float], shape: shape)
    let finding = Channels().diagnose(on: values).first
    expectEqual(Int(finding?.values["dead"] ?? 0), dead)
    guard let finding else { return }
    expectTrue(finding.values["units"] == Double(units) && finding.values["samples"] == Double(shape[0]))
    expectTrue(finding.what.contains("ReLU 0"))
  }

  @Test func maxNormThatLimitsEveryUnitIsSaturated() throws {
    let ill = network(maxNorm: MaxNorm(0.1))
    let linear = try unwrapped(ill.layers[0] as? Linear)
    linear.weight.constraint?.apply(to: linear.weight)
    let finding = try unwrapped(ill.diagnose(on: batch).first { $0.kind == .saturatedMaxNorm })
    expectTrue(finding.layer == "0" && finding.severity == .warning)
    expectEqual(finding.values, ["limited": 32, "units": 32, "share": 1, "limit": 0.1])
    expectTrue(!kinds(network(maxNorm: MaxNorm(10)).diagnose(on: batch)).contains(.saturatedMaxNorm))
  }

  @Test func figuresAreWrittenWithTheirDecimals() {
    expectTrue(
      0.49987.text(3) == "0.500" && (-1.005).text(1) == "-1.0" && 12.0.text(2) == "12.00" && 0.06.text(2) == "0.06")
  }
}
