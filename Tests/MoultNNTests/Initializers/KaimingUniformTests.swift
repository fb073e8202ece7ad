import MoultNN
import Testing

@Suite struct KaimingUniformTests {
  @Test func theBoundFollowsTheFanIn() {
    expectUniform(.kaimingUniform(), bound: (6.0 / 200).squareRoot())
    expectUniform(.kaimingUniform(a: KaimingUniform.linearSlope), bound: (1.0 / 200).squareRoot())
  }
}
