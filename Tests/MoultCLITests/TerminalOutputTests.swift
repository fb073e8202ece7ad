import Foundation
import MoultTestSupport
import Testing

/// What reaches pipes and terminals.
@Suite struct TerminalOutputTests {
  private static let escape: UInt8 = 0x1B

  @Test(arguments: [
    ["--help"], ["train", "--help"], ["info"], ["data", "."], ["mask", "--rate", "0.5", "--units", "8"],
    ["train", ".", "--epochs", "1", "--model", TinyPictures.model], ["train", ".", "--epochs", "0"],
    ["inspect", "nosuch"], ["explain", "--chapter", "1"],
  ])
  func noEscapeByteGoesToAPipe(arguments: [String]) throws {
    try Tool.withFolder { folder in
      try TinyPictures.write(to: folder)
      let result = try Tool.run(arguments, environment: ["FORCE_COLOR": "1"], folder: folder)
      expectTrue(!result.output.contains(Self.escape))
      expectTrue(!result.error.utf8.contains(Self.escape))
    }
  }

  @Test func aTerminalGetsOneLineThatIsRedrawn() throws {
    let text = try terminalText()
    expectTrue(text.contains("\u{1B}[2K"))
    expectTrue(text.contains("epoch 1/1 "))
    expectTrue(text.contains("─"))
    expectEqual(text.split(separator: "\n").filter { $0.contains("samples/s") }.count, 1)
  }

  @Test(arguments: [(["NO_COLOR": "1"], []), ([:], ["--no-color"])])
  func withoutColorATerminalGetsNoEscape(environment: [String: String], options: [String]) throws {
    let text = try terminalText(environment: environment, options: options)
    expectTrue(!text.utf8.contains(Self.escape))
    expectTrue(text.contains("\repoch 1/1 "))
  }

  @Test func aDumbTerminalGetsPlainLines() throws {
    let text = try terminalText(environment: ["TERM": "dumb"])
    expectTrue(!text.utf8.contains(Self.escape))
    expectTrue(!text.contains("\r"))
  }

  @Test func withoutUnicodeTheBarIsASCII() throws {
    let text = try terminalText(environment: ["LANG": "C"])
    expectTrue(text.utf8.allSatisfy { $0 < 0x80 })
    expectTrue(text.contains("epoch 1/1 "))
  }

  /// What a short training run sends to a terminal of 100 columns.
  private func terminalText(environment: [String: String] = [:], options: [String] = []) throws -> String {
    try Tool.withFolder { folder in
      try TinyPictures.write(to: folder)
      let terminal = try PseudoTerminal(
        ["train", ".", "--epochs", "1", "--model", TinyPictures.model, "--batch-size", "10", "--out", "run"] + options,
        environment: environment, folder: folder)
      try expectEqual(terminal.finish(), 0)
      // The terminal itself ends lines with CR LF.
      return terminal.text.replacingOccurrences(of: "\r\n", with: "\n")
    }
  }
}
