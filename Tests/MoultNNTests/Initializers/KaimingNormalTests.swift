import MoultNN
import Testing

@Suite struct KaimingNormalTests {
  @Test func theDeviationFollowsTheFanIn() {
    expectNormal(.kaimingNormal(), deviation: (2.0 / 200).squareRoot())
    expectNormal(.kaimingNormal(a: 1), deviation: (1.0 / 200).squareRoot())
  }
}
