import MoultNN
import Testing

@Suite struct ConstantScheduleTests {
  @Test(arguments: [0, 1, 1_000_000]) func theRateNeverChanges(step: Int) {
    #expect(ConstantSchedule(0.3).value(at: step) == 0.3)
  }
}
