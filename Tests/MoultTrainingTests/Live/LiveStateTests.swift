import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct LiveStateTests {
  @Test func mGoesRoundTheMetricsThatThereAre() throws {
    var state = try LiveFixture().state()
    let seen = (0..<6).map { _ in
      state.press("m")
      return state.metric
    }
    expectEqual(seen, [.accuracy, .gap, .learningRate, .speed, .loss, .accuracy])
  }

  @Test func withoutValidationThereIsNoGap() throws {
    let state = try LiveFixture(validates: false).state()
    expectEqual(state.metrics, [.loss, .accuracy, .learningRate, .speed])
  }

  @Test func otherKeysTurnWhatTheySay() throws {
    var state = try LiveFixture().state()
    state.press("l")
    expectTrue(state.isLogarithmic)
    state.press("L")
    expectTrue(!state.isLogarithmic)
    state.press("?")
    expectTrue(state.showsHelp)
    state.press("m")
    expectTrue(!state.showsHelp, "another plot is asked for: it must be seen")
    state.press("x")
    expectTrue(!state.isStopping)
    state.press("q")
    expectTrue(state.isStopping)
  }
}
