import Moult
import MoultReport
import Testing

@Suite struct LiveStateTests {
  @Test func mGoesRoundTheMetricsThatThereAre() throws {
    var state = try LiveFixture().state()
    let seen = (0..<6).map { _ in
      state.press("m")
      return state.metric
    }
    #expect(seen == [.accuracy, .gap, .learningRate, .speed, .loss, .accuracy])
  }

  @Test func withoutValidationThereIsNoGap() throws {
    let state = try LiveFixture(validates: false).state()
    #expect(state.metrics == [.loss, .accuracy, .learningRate, .speed])
  }

  @Test func otherKeysTurnWhatTheySay() throws {
    var state = try LiveFixture().state()
    state.press("l")
    #expect(state.isLogarithmic)
    state.press("L")
    #expect(!state.isLogarithmic)
    state.press("?")
    #expect(state.showsHelp)
    state.press("m")
    #expect(!state.showsHelp, "another plot is asked for: it must be seen")
    state.press("x")
    #expect(!state.isStopping)
    state.press("q")
    #expect(state.isStopping)
  }
}
