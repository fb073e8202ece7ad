import MoultCore
import MoultTestSupport
import Testing

@Suite struct StochasticStateTests {
  private func stream(_ layer: UInt32, _ call: UInt32 = 0, _ domain: RandomDomain = .training) -> RandomStream {
    RandomStream(seed: 6, layer: layer, call: call, domain: domain)
  }

  @Test func outsideScopesEveryTrainingUseIsANewStep() {
    withSeed(6) {
      let state = StochasticState(stream: 2)
      for step in 0..<3 as Range<UInt32> {
        let use = state.nextUse(.training)
        expectTrue(use.stream == stream(2) && use.step == step && use.firstSample == 0 && use.sampleStride == 1)
      }
      expectEqual(state.uses, 3)
      state.uses = 100
      expectTrue(state.nextUse(.training).step == 100 && state.uses == 101)
    }
  }

  @Test func samplingCountsApartAndDrawsFromItsOwnDomain() {
    withSeed(6) {
      let state = StochasticState(stream: 2)
      _ = state.nextUse(.training)
      let use = state.nextUse(.sampling)
      expectTrue(use.stream == stream(2, 0, .sampling) && use.step == 0 && state.uses == 1)
      expectTrue(state.nextUse(.sampling).step == 1 && state.nextUse(.training).step == 1)
    }
  }

  @Test func insideAScopeCallsCountAndUsesDoNot() {
    withSeed(6) {
      let state = StochasticState(stream: 2)
      withStep(9, firstSample: 5, sampleStride: 3) {
        for call in 0..<3 as Range<UInt32> {
          let use = state.nextUse(.training)
          expectTrue(use.stream == stream(2, call) && use.step == 9 && use.firstSample == 5 && use.sampleStride == 3)
        }
      }
      expectTrue(state.uses == 0 && withStep(9) { state.nextUse(.sampling).stream } == stream(2, 0, .sampling))
    }
  }

  @Test func layersWithoutANumberNeverShareMasks() {
    withSeed(6) {
      let first = StochasticState(), second = StochasticState()
      expectTrue(
        first.nextUse(.training).stream == stream(1 << 31) && second.nextUse(.training).stream == stream((1 << 31) + 1))
      expectTrue(first.ordinal == nil && !first.isPinned)
      first.ordinal = 4
      expectEqual(first.nextUse(.training).stream, stream(4))
      expectTrue(StochasticState(stream: 7).isPinned && StochasticState(stream: 7).ordinal == 7)
    }
  }

  @Test func twoLayersPinnedToOneStreamHaveTheirOwnCalls() {
    withSeed(6) {
      let first = StochasticState(stream: 1), second = StochasticState(stream: 1)
      withStep(0) { expectEqual(first.nextUse(.training).stream, second.nextUse(.training).stream) }
    }
  }

  @Test func moreUsesThan32BitsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let state = StochasticState(stream: 1)
      state.uses = 1 << 32
      _ = state.nextUse(.training)
    }
    expectTrue(text(result).contains("dropout: a layer was used more than 2^32 times; number the steps with withStep"))
  }

  @Test func streamsFrom2To31BelongToOthers() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = StochasticState(stream: 1 << 31)
    }
    expectTrue(text(result).contains("stream: expected a number in 0..<2^31, got 2147483648"))
  }

  @Test func evaluationDrawsNothing() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = StochasticState(stream: 1).nextUse(.evaluation)
    }
    expectTrue(text(result).contains("StochasticState: evaluation draws nothing"))
  }

  @Test func layersMadeUnderDifferentSeedScopesShareNoMasks() {
    let x = Tensor.ones([4, 64])
    let (first, second) = (withSeed(1) { StochasticState() }, withSeed(2) { StochasticState() })
    withSeed(3) {
      let functional = dropout(x, rate: 0.5, mode: .training)
      let masks = [first, second].map { dropout(x, rate: 0.5, use: $0.nextUse(.training)) } + [functional]
      expectTrue(masks[0] != masks[1] && masks[1] != masks[2] && masks[0] != masks[2])
    }
  }

  /// Calls without a stream are numbered in a step: a batch in two parts has the masks of the whole, whatever was
  /// called before; outside any step each call has masks of its own.
  @Test func functionalCallsAreNumberedInAStep() {
    let x = Tensor.ones([8, 128])
    func twoMasks(_ rows: Range<Int>, step: Int = 3) -> [Tensor] {
      withStep(step, firstSample: rows.lowerBound) {
        (0..<2).map { _ in dropout(x[rows], rate: 0.5, mode: .training) }
      }
    }
    withSeed(6) {
      let whole = twoMasks(0..<8), parts = [twoMasks(0..<5), twoMasks(5..<8)]
      for call in 0..<2 {
        expectTrue(sameBits(concatenate([parts[0][call], parts[1][call]], axis: 0), whole[call]))
        let use = MaskUse(stream: stream(.max, UInt32(call)), step: 3)
        expectTrue(sameBits(dropout(x, rate: 0.5, use: use), whole[call]))
      }
      expectTrue(whole[0] != whole[1] && twoMasks(0..<8, step: 4)[0] != whole[0])
      expectTrue(dropout(x, rate: 0.5, mode: .training) != dropout(x, rate: 0.5, mode: .training))
    }
  }

  @Test func aPinnedLayerTakesNoCount() {
    let x = Tensor.ones([4, 64])
    func mask(after pinned: Bool) -> Tensor {
      withSeed(9) {
        if pinned { _ = StochasticState(stream: 3) }
        return dropout(x, rate: 0.5, use: StochasticState().nextUse(.training))
      }
    }
    expectEqual(mask(after: true), mask(after: false))
  }
}
