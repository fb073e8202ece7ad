import MoultNN
import Testing

@Suite struct NormalTests {
  @Test func theDeviationIsTheGivenOne() { expectNormal(.normal(standardDeviation: 0.02), deviation: 0.02) }
}
