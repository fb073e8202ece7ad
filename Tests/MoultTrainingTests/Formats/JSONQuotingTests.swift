import MoultTraining
import MoultTestSupport
import Testing

@Suite struct JSONQuotingTests {
  @Test(arguments: [
    ("plain é 日本", "plain é 日本"), ("\u{1B}[2J", "\\u{1B}[2J"), ("a\nb", "a\\u{A}b"),
    ("\u{202E}gpj.exe", "\\u{202E}gpj.exe"), ("\u{2066}x\u{200F}", "\\u{2066}x\\u{200F}"), ("\u{1FFFF}", "\\u{1FFFF}"),
  ])
  func whatSteersATerminalIsSpelledOut(text: String, visible: String) {
    expectEqual(text.visible, visible)
  }

  @Test(arguments: [("\u{202E}", "\"\\u202e\""), ("\u{9B}", "\"\\u009b\""), ("\u{1FFFF}", "\"\\ud83f\\udfff\"")])
  func inJSONItIsEscaped(text: String, json: String) {
    expectEqual(JSONOutput.string(text).line, json)
  }
}
