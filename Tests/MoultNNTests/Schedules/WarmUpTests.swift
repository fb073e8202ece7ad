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

  @Test func itComposesWithEverySchedule() {
    let schedules: [any Schedule] = [
      ConstantSchedule(0.3), LinearSchedule(from: 0.8, to: 0.1, over: 9), CosineSchedule(0.5, to: 0.1, over: 9),
      StepSchedule(0.4, every: 3), CurriculumRate(0.5, over: 9), WarmUp(steps: 3, then: ConstantSchedule(2)),
      SequentialSchedule([ConstantSchedule(1), ConstantSchedule(0.5)], milestones: [4]),
    ]
    for next in schedules {
      let schedule = WarmUp(steps: 5, then: next)
      expectEqual((0..<4).map { schedule.value(at: $0) < next.value(at: 0) }.contains(false), next.value(at: 0) == 0)
      expectEqual((4..<20).map(schedule.value), [next.value(at: 0)] + (0..<15).map(next.value))
    }
  }
}
