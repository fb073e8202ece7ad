import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What reaches pipes and terminals.
@Suite struct TerminalOutputTests {
  private static let escape: UInt8 = 0x1B

  @Test(arguments: [
    ["--help"], ["train", "--help"], ["info"], ["data", "digits"], ["mask", "--rate", "0.5", "--units", "8"],
    ["explain", "--chapter", "1"],
    ["train", "--epochs", "1", "--model", "784-16-10"], ["train", "--epochs", "0"], ["inspect", "nosuch"],
  ])
  func noEscapeByteGoesToAPipe(arguments: [String]) throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(arguments, environment: ["FORCE_COLOR": "1"], folder: folder)
      #expect(!result.output.contains(Self.escape))
      #expect(!result.error.utf8.contains(Self.escape))
    }
  }

  @Test func aTerminalGetsOneLineThatIsRedrawn() throws {
    let text = try terminalText()
    #expect(text.contains("\u{1B}[2K"))
    #expect(text.contains("epoch 1/1 "))
    #expect(text.contains("─"))
    #expect(text.split(separator: "\n").filter { $0.contains("samples/s") }.count == 1)
  }

  @Test(arguments: [(["NO_COLOR": "1"], []), ([:], ["--no-color"])])
  func withoutColorATerminalGetsNoEscape(environment: [String: String], options: [String]) throws {
    let text = try terminalText(environment: environment, options: options)
    #expect(!text.utf8.contains(Self.escape))
    #expect(text.contains("\repoch 1/1 "))
  }

  @Test func aDumbTerminalGetsPlainLines() throws {
    let text = try terminalText(environment: ["TERM": "dumb"])
    #expect(!text.utf8.contains(Self.escape))
    #expect(!text.contains("\r"))
  }

  @Test func withoutUnicodeTheBarIsASCII() throws {
    let text = try terminalText(environment: ["LANG": "C"])
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(text.contains("epoch 1/1 "))
  }

  /// What a short training run sends to a terminal of 100 columns.
  private func terminalText(environment: [String: String] = [:], options: [String] = []) throws -> String {
    try Tool.withFolder { folder in
      var (primary, secondary): (Int32, Int32) = (-1, -1)
      var size = winsize(ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
      try #require(openpty(&primary, &secondary, nil, nil, &size) == 0)
      let process = try Tool.process(
        ["train", "--epochs", "1", "--model", "784-64-10", "--out", "run"] + options, environment: environment,
        folder: folder)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle(fileDescriptor: secondary, closeOnDealloc: false)
      try process.run()
      close(secondary)
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 4_096)
      // Once the program has closed its end, reading fails: that is the end of the text.
      while true {
        let count = read(primary, &buffer, buffer.count)
        if count <= 0 { break }
        bytes += buffer[..<count]
      }
      close(primary)
      process.waitUntilExit()
      #expect(Tool.status(process) == 0)
      // The terminal itself ends lines with CR LF.
      return String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
    }
  }
}
