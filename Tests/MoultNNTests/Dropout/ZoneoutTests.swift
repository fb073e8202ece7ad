import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct ZoneoutTests {
  @Test func unitsStayAsTheLawSays() {
    let new = Tensor.ones([3, 40]), previous = Tensor.full([3, 40], .nan)
    let h = withSeed(2) {
      withStep(1, firstSample: 4) { zoneout(new, previous: previous, rate: 0.3, mode: .training, stream: 6) }
    }
    let stays = dropMaskBits(
      seed: 2, layer: 6, call: 0, domain: .training, step: 1, rate: 0.3, sample: 4, rows: 3, units: 40)
    expectTrue(zip(h.scalars(as: Float.self), stays.joined()).allSatisfy { $1 ? $0.isNaN : $0 == 1 })
  }

  @Test func evaluationMixesByTheRate() {
    let h = zoneout(Tensor([[4, 8]]), previous: Tensor([[0, 4]]), rate: 0.25, mode: .evaluation)
    expectEqual(h, Tensor([[3, 7]]))
  }

  @Test func ratesZeroAndOneChooseOneSide() {
    let new = Tensor([[1, 2]]), previous = Tensor([[Float.nan, .nan]])
    for mode in [Mode.training, .evaluation] {
      expectEqual(zoneout(new, previous: previous, rate: 0, mode: mode), new)
      expectEqual(zoneout(previous, previous: new, rate: 1, mode: mode), new)
    }
  }

  @Test func gradientsFlowIntoTheSideThatWasChosen() {
    let states = (0..<2).map { Tensor.randomNormal([4, 5], dtype: .float64, seed: UInt64($0)) }
    for mode in [Mode.training, .evaluation] {
      let errors = gradientErrors("zoneout", at: states) { x in
        withStep(0) { zoneout(x[0], previous: x[1], rate: 0.5, mode: mode, stream: 0) }
      }
      expectEqual(errors, [])
    }
  }

  @Test func whatCannotWorkIsRefused() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = zoneout(.ones([2, 3]), previous: .ones([3]), rate: 0.5, mode: .training)
    }
    expectTrue(message(shape).contains("zoneout: expected the previous state to be [2, 3] float32"))
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = zoneout(.ones([2]), previous: .ones([2]), rate: .nan, mode: .training)
    }
    expectTrue(message(rate).contains("zoneout: expected a rate in 0...1, got nan"))
  }
}
