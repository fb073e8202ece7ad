import MoultCore
import MoultTestSupport
import Testing

@Suite struct StepScopeTests {
  private struct Stop: Error {}
  private let ones = Tensor.ones([6, 40])

  private func drop(_ x: Tensor, stream: Int? = 3) -> Tensor { dropout(x, rate: 0.5, mode: .training, stream: stream) }

  @Test func aStepFixesItsMasksAndCountsTheCalls() {
    withSeed(1) {
      let a = withStep(4) { [drop(ones), drop(ones)] }, b = withStep(4) { [drop(ones), drop(ones)] }
      expectTrue(a == b && a[0] != a[1] && withStep(5) { drop(ones) } != a[0])
      for call in 0..<2 {
        let bits = dropMaskBits(
          seed: 1, layer: 3, call: UInt32(call), domain: .training, step: 4, rate: 0.5, sample: 0, rows: 6, units: 40)
        expectEqual(a[call] .== 0, Tensor(bits.flatMap { $0 }, shape: [6, 40]))
      }
    }
  }

  @Test func otherStreamsHaveTheirOwnCalls() {
    withSeed(1) {
      let alone = withStep(4) { drop(ones, stream: 8) }
      expectEqual(withStep(4) { [drop(ones), drop(ones), drop(ones, stream: 8)] }[2], alone)
    }
  }

  @Test(arguments: [[6], [1, 5], [2, 2, 2], [3, 0, 3]])
  func microBatchesDrawTheMasksOfTheWholeBatch(sizes: [Int]) {
    withSeed(2) {
      let whole = withStep(7) { drop(ones) }
      var first = 0
      var parts: [Tensor] = []
      for size in sizes {
        parts.append(withStep(7, firstSample: first) { drop(ones[first..<first + size]) })
        first += size
      }
      expectEqual(concatenate(parts), whole)
    }
  }

  @Test func rowsThatAreDealtOutDrawTheirOwnMasks() {
    withSeed(2) {
      let whole = withStep(7) { drop(ones) }
      for rank in 0..<2 {
        let mine = withStep(7, firstSample: rank, sampleStride: 2) { drop(ones[..<3]) }
        expectEqual(mine, whole.indexSelect([rank, rank + 2, rank + 4]))
      }
    }
  }

  @Test func scopesNestAndEndWithAThrow() {
    withSeed(3) {
      let (first, second) = withStep(1) { (drop(ones), drop(ones)) }
      withStep(1) {
        expectEqual(drop(ones), first)
        #expect(throws: Stop.self) {
          try withStep(1) {
            expectEqual(drop(ones), first, "a scope inside begins its own count")
            throw Stop()
          }
        }
        expectEqual(drop(ones), second, "and the one outside goes on")
      }
    }
  }

  @Test func asynchronousScopesBelongToTheirTask() async {
    let wanted = withSeed(4) { (0..<4).map { step in withStep(step) { drop(ones) } } }
    await withTaskGroup(of: Bool.self) { group in
      for step in 0..<4 {
        group.addTask {
          await withSeed(4) {
            await withStep(step) {
              await Task.yield()
              return drop(ones) == wanted[step]
            }
          }
        }
      }
      for await right in group { expectTrue(right) }
    }
  }

  @Test func theLastStepAndSampleAreAllowed() {
    let last = Int(UInt32.max)
    let y = withSeed(1) { withStep(last, firstSample: last) { drop(.ones([1, 40])) } }
    let bits = dropMaskBits(
      seed: 1, layer: 3, call: 0, domain: .training, step: .max, rate: 0.5, sample: .max, rows: 1, units: 40)
    expectEqual(y .== 0, Tensor(bits[0], shape: [1, 40]))
  }

  @Test func stepsBeyond32BitsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { withStep(1 << 32) {} }
    expectTrue(text(result).contains("withStep: expected step in 0..<2^32, got 4294967296"))
  }

  @Test func stepsBelowZeroStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { withStep(-1) {} }
    expectTrue(text(result).contains("withStep: expected step in 0..<2^32, got -1"))
  }

  @Test func samplesBeyond32BitsStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      withStep(0, firstSample: Int(UInt32.max) - 1) { _ = dropout(.ones([3, 2]), rate: 0.5, mode: .training) }
    }
    expectTrue(text(result).contains("dropout: expected sample indices below 2^32, got 4294967296 for row 2"))
  }

  @Test func aStrideBelowZeroStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      withStep(0, sampleStride: -1) {}
    }
    expectTrue(text(result).contains("withStep: expected sampleStride in 0..<2^32, got -1"))
  }

  @Test func aLayerThatTakesAnothersPlaceInMemoryStartsAtCallZero() {
    let x = Tensor.ones([4, 64])
    let masks = withStep(0) {
      (0..<4).map { _ in dropout(x, rate: 0.5, use: StochasticState(stream: 7).nextUse(.training)) }
    }
    expectTrue(masks.allSatisfy { $0 == masks[0] })
  }

  @Test func samplingDoesNotDisturbTraining() {
    let x = Tensor.ones([4, 64])
    func secondMask(samplingBetween: Bool) -> Tensor {
      let state = StochasticState(stream: 7)
      return withStep(5) {
        _ = state.nextUse(.training)
        if samplingBetween { _ = state.nextUse(.sampling) }
        return dropout(x, rate: 0.5, use: state.nextUse(.training))
      }
    }
    expectEqual(secondMask(samplingBetween: true), secondMask(samplingBetween: false))
  }
}
