import MoultNN
import Testing

@Suite struct UniformTests {
  @Test func theRangeIsTheGivenOne() { expectUniform(.uniform(-0.5..<0.5), bound: 0.5) }
}
