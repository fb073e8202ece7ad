import MoultNN
import MoultTestSupport
import Testing

/// Known answers by torch 2.15.0: CosineAnnealingLR(SGD(lr=0.1), T_max=4, eta_min=0.01).
@Suite struct CosineScheduleTests {
  @Test func itFollowsPyTorch() {
    let schedule = CosineSchedule(0.1, to: 0.01, over: 4)
    let expected = [0.1, 0.08681980515339464, 0.05500000000000001, 0.023180194846605363, 0.01]
    for (step, rate) in expected.enumerated() { expectLess(abs(schedule.value(at: step) - rate), 1e-15) }
  }

  @Test func itStaysAtTheFloor() {
    for step in [4, 5, 6, 8, 1_000] { expectEqual(CosineSchedule(0.1, to: 0.01, over: 4).value(at: step), 0.01) }
    expectEqual(CosineSchedule(0.1, over: 4).value(at: 4), 0)
  }

  @Test func noStepsAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CosineSchedule(0.1, over: 0)
    }
    expectTrue(message(result).contains("CosineSchedule: expected at least 1 step, got 0"))
  }
}
