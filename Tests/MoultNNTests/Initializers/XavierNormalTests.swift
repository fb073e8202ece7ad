import MoultNN
import Testing

@Suite struct XavierNormalTests {
  @Test func theDeviationFollowsBothFans() {
    expectNormal(.xavierNormal(), deviation: (2.0 / 500).squareRoot())
    expectNormal(.xavierNormal(gain: 2), deviation: 2 * (2.0 / 500).squareRoot())
  }
}
