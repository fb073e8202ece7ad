import Foundation
import MoultTestSupport
import Testing

@Suite struct ManualPageTests {
  private static let page = Result { try Tool.run(["man"]) }

  private func lines() throws -> [String] {
    let result = try Self.page.get()
    expectEqual(result.status, 0)
    expectTrue(result.error.isEmpty)
    return result.text.components(separatedBy: "\n")
  }

  @Test func everyLineIsAKnownMacroOrText() throws {
    let macros = ["TH", "SH", "SS", "PP", "TP", "B", "nf", "fi", "RS", "RE"]
    for line in try lines() {
      if line.hasPrefix(".") {
        let name = line.dropFirst().prefix { $0 != " " }
        expectTrue(macros.contains(String(name)), "\(line)")
      }
      expectTrue(!line.hasPrefix("'"), "a quote at the start would be a macro: \(line)")
      expectTrue(line.unicodeScalars.allSatisfy { (32..<127).contains($0.value) }, "\(line)")
    }
  }

  @Test func everyHyphenCanBeCopied() throws {
    for line in try lines() {
      expectEqual(line.replacingOccurrences(of: "\\-", with: "").contains("-"), false, "\(line)")
    }
  }

  @Test func whatIsOpenedIsClosed() throws {
    let lines = try lines()
    expectEqual(lines.count { $0 == ".nf" }, lines.count { $0 == ".fi" })
    expectEqual(lines.count { $0.hasPrefix(".RS") }, lines.count { $0 == ".RE" })
    expectTrue(lines.contains(".nf"))
  }

  @Test func theSectionsOfAManualPageAreThere() throws {
    let sections = try lines().filter { $0.hasPrefix(".SH ") }
    expectEqual(
      sections,
      [
        "NAME", "SYNOPSIS", "DESCRIPTION", "VERBS", "COMMON OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES",
        "EXAMPLES",
      ].map { ".SH \"\($0)\"" })
  }

  @Test func everyVerbAndItsOptionsAreOnThePage() throws {
    let lines = try lines()
    let verbs = try HelpTests.verbs()
    expectGreater(verbs.count, 12)
    for verb in verbs { expectTrue(lines.contains(".SS \"moult \(verb)\""), "\(verb)") }
    for option in [".B \"\\-\\-dropout RATE\"", ".B \"\\-\\-threads COUNT\"", ".B \"\\-\\-no\\-report\""] {
      expectTrue(lines.contains(option), "\(option)")
    }
    // What every verb takes is said once.
    expectEqual(lines.count { $0 == ".B \"\\-\\-threads COUNT\"" }, 1)
  }

  @Test func exitCodesAndVariablesAreThoseOfTheHelp() throws {
    let lines = try lines()
    for name in ["0", "3", "64", "65", "66", "74", "130, 138 and 143", "MOULT_THREADS", "MOULT_CACHE", "MOULT_ISA"] {
      expectTrue(lines.contains(".B \"\(name)\""), "\(name)")
    }
  }

  @Test func theStreamIsCheckedLikeAnyResult() throws {
    let result = try Tool.run(["-c", "moult man >/dev/full"], program: "/bin/sh")
    expectEqual(result.status, FileManager.default.fileExists(atPath: "/dev/full") ? 74 : 0)
  }
}
