import MoultNN
import Testing

@Suite struct ConstantTests {
  @Test func allElementsAreTheSame() {
    let (mean, deviation, largest) = moments(.constant(0.25))
    #expect(mean == 0.25 && deviation == 0 && largest == 0.25)
  }
}
