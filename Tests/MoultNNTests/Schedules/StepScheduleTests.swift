import MoultNN
import MoultTestSupport
import Testing

@Suite struct StepScheduleTests {
  @Test func theRateFallsEverySoManySteps() {
    let schedule = StepSchedule(0.8, every: 3, factor: 0.5)
    expectEqual((0..<10).map(schedule.value), [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.1])
  }

  @Test func anEmptyIntervalIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = StepSchedule(0.1, every: 0)
    }
    expectTrue(message(result).contains("StepSchedule: expected an interval of at least 1 step, got 0"))
  }
}
