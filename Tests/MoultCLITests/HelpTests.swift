import Foundation
import MoultTestSupport
import Testing

@Suite struct HelpTests {
  @Test(arguments: [
    [], ["train"], ["doctor"], ["explain"], ["mask"], ["inspect"], ["info"], ["data"], ["data", "list"],
    ["data", "digits"],
    ["data", "download"], ["reproduce"], ["compare"], ["predict"], ["evaluate"], ["completions"], ["man"],
    ["bench"], ["bench", "step"], ["bench", "predict"], ["bench", "dropout"], ["bench", "matmul"],
  ])
  func everyVerbExplainsItself(verb: [String]) throws {
    let result = try Tool.run(verb + ["--help"])
    expectEqual(result.status, 0)
    expectTrue(result.text.hasPrefix("OVERVIEW: "))
    expectTrue(result.text.contains("USAGE: moult"))
    expectTrue(result.error.isEmpty)
  }

  private static let teaching = [
    [], ["train"], ["doctor"], ["explain"], ["mask"], ["inspect"], ["info"], ["data"], ["reproduce"],
    ["bench", "step"],
    ["bench", "predict"],
    ["bench", "dropout"], ["bench", "matmul"], ["compare"], ["predict"], ["evaluate"], ["completions"], ["man"],
  ]

  @Test(arguments: teaching)
  func theVerbsTeachByExample(verb: [String]) throws {
    let text = try Tool.run(verb + ["--help"]).text
    let call = (["moult"] + verb).joined(separator: " ")
    expectTrue(text.split(separator: "\n").contains { $0.hasPrefix("  ") && $0.contains(call) })
  }

  /// What is indented stands there as it was written; the parser would go on with a long line at the margin.
  @Test(arguments: teaching) func helpNeverBreaksAnExampleInTwo(verb: [String]) throws {
    let environment = ["COLUMNS": "300"]
    let wide = try Tool.run(verb + ["--help"], environment: environment).text.components(separatedBy: "USAGE:")[0]
    for line in wide.split(separator: "\n") where line.hasPrefix("  ") { expectAtMost(line.count, 80, "\(line)") }
  }

  /// The names of all verbs, as the general help lists them.
  static func verbs() throws -> [String] {
    let list = try Tool.run(["--help"]).text.components(separatedBy: "SUBCOMMANDS:")
    return try unwrapped(list.last).split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "See" }
  }

  @Test func theGeneralHelpNamesExitCodesAndVariables() throws {
    let text = try Tool.run(["--help"]).text
    for word in ["64", "65", "66", "74", "130", "143", "MOULT_THREADS", "MOULT_CACHE", "NO_COLOR"] {
      expectTrue(text.contains(word), "\(word)")
    }
  }

  @Test func withoutAVerbThereIsHelp() throws {
    let result = try Tool.run([])
    expectEqual(result.status, 0)
    expectTrue(result.text.contains("SUBCOMMANDS:"))
  }

  @Test func versionIsANumber() throws {
    let version = try Tool.run(["--version"]).lines
    expectEqual(version.count, 1)
    expectEqual(version[0].split(separator: ".").count, 3)
  }
}
