import MoultNN
import MoultTestSupport
import Testing

@Suite struct SequentialScheduleTests {
  /// As torch.optim.lr_scheduler.SequentialLR: each schedule begins with its step 0 at its milestone.
  @Test func oneScheduleFollowsTheOther() {
    let schedule = SequentialSchedule(
      [
        LinearSchedule(from: 0, to: 1, over: 2), StepSchedule(0.8, every: 2, factor: 0.5),
        WarmUp(steps: 2, then: ConstantSchedule(1)),
      ], milestones: [3, 6])
    expectEqual((-1..<9).map(schedule.value), [0, 0, 0.5, 1, 0.8, 0.8, 0.4, 0.5, 1, 1])
    expectEqual(SequentialSchedule([ConstantSchedule(0.3)], milestones: []).value(at: 7), 0.3)
  }

  @Test func milestonesThatAreNoneAreRefused() async {
    let count = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SequentialSchedule([ConstantSchedule(1)], milestones: [3])
    }
    expectTrue(message(count).contains("expected a milestone for each schedule but the first, got 1 for 1 schedules"))
    let order = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let one = ConstantSchedule(1)
      _ = SequentialSchedule([one, one, one], milestones: [3, 3])
    }
    expectTrue(message(order).contains("SequentialSchedule: expected increasing milestones from 1 on, got [3, 3]"))
  }
}
