import Foundation
import MoultTestSupport
import Testing

@Suite struct OpCoverageTests {
  /// No op without a test of its own name.
  @Test func everyOpHasItsTestFile() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let sources = tests.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/MoultCore/Ops")
    let ops = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
    expectAtLeast(ops.count, 31)
    for op in ops {
      let name = op.dropLast(".swift".count)
      // An operation that is compared with a function of the layers has its tests beside that.
      let folders = [tests, tests.appending(path: "../../MoultNNTests/Dropout")]
      let text = folders.lazy.compactMap {
        try? String(contentsOf: $0.appending(path: "\(name)Tests.swift"), encoding: .utf8)
      }.first
      expectEqual(text?.contains("struct \(name)Tests"), true, "Sources/MoultCore/Ops/\(op) has no \(name)Tests.swift")
      expectEqual(text?.contains("@Test"), true, "\(name)Tests.swift has no test")
    }
  }
}
