import MoultCore
import MoultTestSupport
import Testing

@Suite struct MoultErrorTests {
  private static let codes: [(MoultError.Code, Int32)] = [
    (.failure, 1), (.diverged, 3), (.usage, 64), (.badData, 65), (.noInput, 66), (.cannotWrite, 74),
    (.interrupted(signal: 2), 130), (.interrupted(signal: 15), 143),
  ]

  @Test(arguments: codes)
  func exitCodesFollowSysexits(code: MoultError.Code, exit: Int32) {
    expectEqual(MoultError(code, "text").exitCode, exit)
  }

  @Test func saysWhereWhatAndWhy() {
    expectEqual(MoultError(.badData, "expected 3, got 4").description, "expected 3, got 4")
    expectEqual(MoultError(.badData, "a", location: "x.csv:3", cause: "b").description, "x.csv:3: a (b)")
  }
}
