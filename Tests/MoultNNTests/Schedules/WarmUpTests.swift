import MoultNN
import MoultTestSupport
import Testing

@Suite struct WarmUpTests {
  @Test func theRateGrowsEvenlyAndThenFollowsTheOther() {
    let schedule = WarmUp(steps: 4, then: StepSchedule(1, every: 2, factor: 0.5))
    expectEqual((0..<9).map(schedule.value), [0.25, 0.5, 0.75, 1, 1, 1, 0.5, 0.5, 0.25])
  }

  @Test func noStepsLeaveTheOtherAlone() {
    expectEqual(WarmUp(steps: 0, then: ConstantSchedule(0.3)).value(at: 0), 0.3)
  }
}
