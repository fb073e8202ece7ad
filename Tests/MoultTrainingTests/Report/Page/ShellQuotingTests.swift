import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct ShellQuotingTests {
  @Test(arguments: [
    ("plain-1.0/x=y", "plain-1.0/x=y"), ("", "''"), ("two words", "'two words'"), ("it's", "'it'\\''s'"),
    ("$HOME", "'$HOME'"), ("a\u{1B}'\\b", "$'a\\033\\'\\\\b'"), ("é", "'é'"), ("\u{202E}x", "$'\\342\\200\\256x'"),
    ("'\u{301};rm x", "''\\''\u{301};rm x'"), ("\u{1B}'\u{301}\\\u{301}", "$'\\033\\'\u{301}\\\\\u{301}'"),
  ])
  func wordsAreQuotedForAShell(word: String, quoted: String) {
    expectEqual(Array(word.quotedForShell.utf8), Array(quoted.utf8))
  }
}
