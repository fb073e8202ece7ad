import MoultNN
import Testing

@Suite struct XavierUniformTests {
  @Test func theBoundFollowsBothFans() {
    expectUniform(.xavierUniform(), bound: (6.0 / 500).squareRoot())
    expectUniform(.xavierUniform(gain: 2), bound: 2 * (6.0 / 500).squareRoot())
  }
}
