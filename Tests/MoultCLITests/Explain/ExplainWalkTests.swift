import Foundation
import MoultPlatform
import MoultTestSupport
import Testing

/// The walk on a terminal of 24 lines and 80 columns.
@Suite struct ExplainWalkTests {
  @Test func keysLeadThroughTheChapters() throws {
    let (text, status) = try walk(keys: "r\n\nb\n2\nfish\nq\n")
    expectEqual(status, 0)
    let titles = text.components(separatedBy: "\u{1B}[H\u{1B}[2J").dropFirst().map { page in
      String(page.prefix { $0 != "\n" })
    }
    let pages = titles.map { title in title.contains("1. One unit") ? 1 : title.contains("2. Training") ? 2 : 0 }
    expectEqual(pages, [1, 1, 2, 1, 2])
    expectEqual(titles.map { String($0.suffix(6)) }, ["seed 0"] + Array(repeating: "seed 1", count: 4))
    expectTrue(text.contains("Enter: next   b: back"))
  }

  @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"]])
  func withoutColorThereIsNoEscape(environment: [String: String]) throws {
    let (text, status) = try walk(keys: "q\n", environment: environment)
    expectEqual(status, 0)
    expectTrue(!text.utf8.contains(0x1B))
    expectTrue(text.contains("-- 1/6"))
  }

  @Test func theEndOfInputEndsTheWalk() throws {
    let (text, status) = try walk(keys: "\u{4}")
    expectEqual(status, 0)
    expectTrue(text.contains("-- 1/6") && !text.contains("2. Training"))
  }

  /// What the terminal shows when `keys` are typed, and the exit status.
  private func walk(keys: String, environment: [String: String] = [:]) throws -> (String, Int32) {
    var (primary, secondary): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&primary, &secondary, nil, nil, &size) == 0)
    defer { close(primary) }
    let process = try Tool.process(ExplainTests.tiny, environment: environment)
    let terminal = FileHandle(fileDescriptor: secondary, closeOnDealloc: false)
    process.standardInput = terminal
    process.standardOutput = terminal
    process.standardError = FileHandle.nullDevice
    try process.run()
    close(secondary)
    _ = keys.withCString { write(primary, $0, strlen($0)) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    // Once the program has closed its end, reading fails: that is the end of the text.
    while true {
      let count = read(primary, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    process.waitUntilExit()
    return (String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n"), Tool.status(process))
  }
}
