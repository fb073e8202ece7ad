import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// Adds noise in training: a layer written with the public API alone.
private final class Jitter: Module, StochasticLayer {
  let dropoutState = DropoutState()

  func callAsFunction(_ x: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else { return x }
    return x + draws.normal(x.shape, dtype: x.dtype) * 0.1
  }
}

/// Drops neighbouring units in pairs: another one, with a rate.
private final class DropPairs: Module, RatedLayer {
  let dropoutState: DropoutState

  init(_ rate: Double) { dropoutState = DropoutState(rate: rate, of: "DropPairs") }

  func callAsFunction(_ x: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else { return x }
    return draws.dropout(x.reshaped([x.shape[0], -1, 2]), sharing: .axes([2])).reshaped(x.shape)
  }
}

/// Drops rows of its weights, the same for all samples.
private final class DropRows: Module, RatedLayer {
  let weight = Parameter(.ones([8, 4]))
  let dropoutState = DropoutState(rate: 0.5, of: "DropRows", draws: .perCall)

  func callAsFunction(_ x: Tensor) -> Tensor {
    guard let draws = dropoutState.nextDraws() else { return linear(x, weight: weight.value, bias: nil) }
    let kept = draws.kept(rows: 1, units: 8).reshaped([8, 1])
    return linear(x, weight: select(kept, weight.value, Tensor(0)), bias: nil)
  }
}

/// What a user's own layer takes part in: everything that the library's layers do.
@Suite struct OwnLayerTests {
  private let x = Tensor.ones([6, 4])

  private func model() -> (jitter: Jitter, pairs: DropPairs, whole: Sequential) {
    let jitter = Jitter(), pairs = DropPairs(0.5)
    return (jitter, pairs, Sequential(Dropout(0.5), jitter, pairs))
  }

  @Test func itIsNumberedWithTheOthers() {
    let (jitter, pairs, whole) = model()
    whole.train()
    let (_, masks) = recordingMasks { whole(x) }
    expectTrue(masks.masks.map(\.layer) == [0, 2] && masks.count == 3)
    expectTrue(jitter.mode == .training && pairs.mode == .training)
  }

  @Test func itFollowsModesScopesAndFreezing() {
    let (jitter, pairs, _) = model()
    for layer in [jitter, pairs] as [any Module<Tensor, Tensor>] {
      layer.eval()
      expectEqual(layer(x), x)
      layer.train()
      expectNotEqual(layer(x), x)
      expectEqual(layer.evaluating { layer(x) }, x)
      layer.fixMode(.evaluation)
      expectEqual(layer(x), x)
      layer.unfixMode()
    }
    let trained = withSeed(1) { withStep(0) { jitter(x) } }
    let sampled = withSeed(1) { withStep(0) { jitter.sampling { jitter(x) } } }
    expectTrue(trained != sampled && withSeed(1) { withStep(0) { jitter(x) } } == trained)
  }

  @Test func itsDrawsAreThoseOfTheMaskLaw() {
    let (jitter, pairs) = (Jitter(), DropPairs(0.25))
    let model = Sequential(jitter, pairs),
      reference = Sequential(GaussianNoise(0.1), Dropout(0.25, sharing: .axes([2])))
    model.train()
    reference.train()
    let (noise, dropped) = withSeed(3) { withStep(5) { (jitter(x), pairs(x)) } }
    expectEqual(noise, withSeed(3) { withStep(5) { Sequential(reference.layers[0])(x) } })
    let wanted = withSeed(3) { withStep(5) { Sequential(reference.layers[1])(x.reshaped([6, 2, 2])) } }
    expectEqual(dropped, wanted.reshaped([6, 4]))
    expectEqual(Set(dropped.scalars(as: Float.self)), [0, Float(1 / 0.75)])
  }

  @Test func itIsRecordedAndReplayed() {
    let (_, _, whole) = model()
    whole.train()
    let (first, masks) = recordingMasks { whole(x) }
    expectNotEqual(whole(x), first)
    expectEqual(masks.replaying { whole(x) }, first)
    expectTrue(masks.freezing { (whole(x), whole(x)) } == (first, first))
  }

  @Test func itFollowsASchedule() {
    let (_, pairs, whole) = model()
    let rates = ScheduledRates(whole, LinearSchedule(from: 0, to: 0.4, over: 4))
    rates.apply(at: 2)
    expectTrue(pairs.rate == 0.2 && rates.rates == ["0": 0.2, "2": 0.2])
    rates.apply(at: 0)
    expectEqual(pairs(x), x, "a rate of 0 draws nothing")
  }

  @Test func drawsOfTheCallAreTheSameForAllSamples() {
    let layer = DropRows()
    let y = withSeed(1) { withStep(4) { layer(x) } }
    expectTrue((1..<6).allSatisfy { y[$0] == y[0] })
    expectEqual(Set(y[0].scalars(as: Float.self)), [0, 4])
    expectEqual(withSeed(1) { withStep(4, firstSample: 9) { layer(x) } }, y)
    expectNotEqual(withSeed(1) { withStep(5) { layer(x) } }, y)
  }

  /// All rows of a matrix have the same numbers; flattened, each weight has its own, as in `WeightDrop`.
  @Test func aMatrixOfWeightsIsFlattenedBeforeItIsDropped() throws {
    let w = Tensor.ones([8, 4]), state = DropoutState(rate: 0.5, of: "Layer", draws: .perCall, stream: 3)
    func draws() throws -> LayerDraws {
      let draws = withSeed(1) { withStep(4) { state.nextDraws() } }
      return try unwrapped(draws)
    }
    for drawn in try [draws().dropout(w), draws().normal([8, 4]), draws().uniform([8, 4])] {
      expectTrue((1..<8).allSatisfy { drawn[$0] == drawn[0] })
    }
    let weights = try draws().dropout(w.reshaped([w.count])).reshaped(w.shape)
    let drop = WeightDrop(0.5, stream: 3)
    expectEqual(weights, withSeed(1) { withStep(4) { drop(w) } })
    expectTrue((1..<8).contains { weights[$0] != weights[0] })
    let normal = try draws().normal([w.count]).reshaped(w.shape)
    expectTrue((1..<8).allSatisfy { normal[$0] != normal[0] })
  }

  @Test func aRateCannotBeSetWhereThereIsNone() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      DropoutState().rate = 0.5
    }
    expectTrue(message(result).contains("DropoutState: this layer has no rate to set to 0.5"))
  }
}
