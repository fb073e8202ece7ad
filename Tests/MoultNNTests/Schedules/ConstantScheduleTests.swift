import MoultNN
import MoultTestSupport
import Testing

@Suite struct ConstantScheduleTests {
  @Test(arguments: [0, 1, 1_000_000]) func theRateNeverChanges(step: Int) {
    expectEqual(ConstantSchedule(0.3).value(at: step), 0.3)
  }
}
