import MoultNN
import MoultTestSupport
import Testing

@Suite struct PowerTests {
  /// Each of the products may round once. Seen through `StepSchedule`, which raises its factor to a whole power.
  @Test func powersAreProducts() {
    let schedule = StepSchedule(1, every: 1, factor: 0.9)
    var expected = 1.0
    for step in 0..<40 {
      expectAtMost(abs(schedule.value(at: step) - expected), Double(2 * step) * expected.ulp)
      expected *= 0.9
    }
  }
}
