import MoultNN
import MoultTestSupport
import Testing

@Suite struct ConstantTests {
  @Test func allElementsAreTheSame() {
    let (mean, deviation, largest) = moments(.constant(0.25))
    expectTrue(mean == 0.25 && deviation == 0 && largest == 0.25)
  }
}
