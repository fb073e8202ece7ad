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
    #expect(ops.count >= 31)
    for op in ops {
      let name = op.dropLast(".swift".count)
      let file = tests.appending(path: "\(name)Tests.swift")
      let text = try? String(contentsOf: file, encoding: .utf8)
      #expect(text?.contains("struct \(name)Tests") == true, "Sources/MoultCore/Ops/\(op) has no \(name)Tests.swift")
      #expect(text?.contains("@Test") == true, "\(name)Tests.swift has no test")
    }
  }
}
