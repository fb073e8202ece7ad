import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Counts its training steps and keeps a running mean.
private final class Running: Module {
  let layerMode = LayerMode()
  let scale = Parameter(.ones([2]))
  let runningMean = Buffer(.zeros([2]))
  let steps = Buffer(Tensor([0 as Int64], shape: []))

  func callAsFunction(_ x: Tensor) -> Tensor {
    if layerMode.current == .training {
      runningMean.update(runningMean.value * 0.5 + x.mean(axis: 0) * scale.value * 0.5)
      steps.update(Tensor([steps.value.item(as: Int64.self) + 1], shape: []))
    }
    return (x - runningMean.value) * scale.value
  }

  var count: Int64 { steps.value.item(as: Int64.self) }
}

@Suite struct BufferTests {
  private let x = Tensor([[1, 2], [3, 4]])

  @Test func itIsSavedAndLoadedWithTheWeights() throws {
    let layer = Running(), model = Sequential(Linear(2, 2), layer)
    _ = layer(x)
    expectEqual(model.namedBuffers().map(\.name), ["1.runningMean", "1.steps"])
    expectEqual(model.stateDictionary()["1.runningMean"], Tensor([1, 1.5]))
    let other = Running(), copy = Sequential(Linear(2, 2), other)
    try copy.load(model.stateDictionary())
    expectTrue(other.runningMean.value == Tensor([1, 1.5]) && other.count == 1)
    var state = model.stateDictionary()
    state["1.running_mean"] = state.removeValue(forKey: "1.runningMean")
    try copy.load(state)
    state["1.steps"] = nil
    #expect(throws: MoultError.self) { try copy.load(state) }
    state["1.steps"] = Tensor([1])
    #expect(throws: MoultError.self) { try copy.load(state) }
  }

  @Test func itIsNeverTrained() {
    let layer = Running()
    expectEqual(layer.parameters().map(\.shape), [[2]])
    let optimizer = SGD(layer.parameters(), learningRate: 0.1, weightDecay: 0.5)
    let before = layer.runningMean.value
    optimizer.step(minimizing: layer.evaluating { layer(x).sum() })
    expectTrue(layer.runningMean.value == before && layer.scale.value != .ones([2]))
    expectTrue(!layer.runningMean.value.requiresGradient)
  }

  @Test func itChangesOnceAStep() {
    let layer = Running()
    withSeed(1) {
      withStep(0) { _ = (layer(x), layer(x)) }
      // Micro-batches of a step.
      withStep(1) { _ = layer(x[0..<1]) }
      withStep(1, firstSample: 1) { _ = layer(x[1..<2]) }
    }
    expectEqual(layer.count, 2)
    // Another run begins with step 1 too.
    withSeed(1) { withStep(1) { _ = layer(x) } }
    expectEqual(layer.count, 3)
    _ = (layer(x), layer(x))
    expectEqual(layer.count, 5, "outside steps each call counts")
  }

  @Test func itStandsStillWhereMasksAreReplayed() {
    let layer = Running(), model = Sequential(Dropout(0.5), layer)
    let (first, masks) = recordingMasks { model(x) }
    expectEqual(layer.count, 1)
    expectEqual(masks.replaying { model(x) }, first)
    expectTrue(masks.freezing { (model(x), model(x)) } == (first, first))
    expectEqual(layer.count, 1)
  }

  /// Drops units and counts its calls.
  private final class Counting: Module, StochasticLayer {
    let dropoutState = DropoutState()
    let calls = Buffer(.zeros([]))

    func callAsFunction(_ x: Tensor) -> Tensor {
      guard let draws = dropoutState.nextDraws() else { return x }
      calls.update(calls.value + 1)
      return x + draws.normal(x.shape)
    }
  }

  @Test func aDiagnosisLeavesItAlone() {
    let layer = Counting()
    _ = layer.diagnose(on: x)
    expectEqual(layer.calls.value, .zeros([]))
    _ = layer(x)
    expectEqual(layer.calls.value, .ones([]))
  }

  @Test func itsShapeAndTypeStay() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Buffer(.zeros([2])).update(.zeros([3]))
    }
    expectTrue(message(shape).contains("Buffer: expected a value of shape [2] and type float32, got [3] float32"))
  }
}
