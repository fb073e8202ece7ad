import Foundation
import Testing

@Suite struct HelpTests {
  @Test(arguments: [
    [], ["train"], ["doctor"], ["explain"], ["mask"], ["inspect"], ["info"], ["data"], ["data", "list"],
    ["data", "digits"],
    ["data", "download"], ["reproduce"],
    ["bench"], ["bench", "step"], ["bench", "predict"], ["bench", "dropout"], ["bench", "matmul"],
  ])
  func everyVerbExplainsItself(verb: [String]) throws {
    let result = try Tool.run(verb + ["--help"])
    #expect(result.status == 0)
    #expect(result.text.hasPrefix("OVERVIEW: "))
    #expect(result.text.contains("USAGE: moult"))
    #expect(result.error.isEmpty)
  }

  private static let teaching = [
    [], ["train"], ["doctor"], ["explain"], ["mask"], ["inspect"], ["info"], ["data"], ["reproduce"],
    ["bench", "step"],
    ["bench", "predict"],
    ["bench", "dropout"], ["bench", "matmul"],
  ]

  @Test(arguments: teaching)
  func theVerbsTeachByExample(verb: [String]) throws {
    let text = try Tool.run(verb + ["--help"]).text
    let call = (["moult"] + verb).joined(separator: " ")
    #expect(text.split(separator: "\n").contains { $0.hasPrefix("  ") && $0.contains(call) })
  }

  @Test func helpNeverBreaksAnExampleInTwo() throws {
    for verb in Self.teaching {
      let discussion = try Tool.run(verb + ["--help"]).text.components(separatedBy: "USAGE:")[0]
      #expect(discussion.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(verb)")
    }
  }

  @Test func theGeneralHelpNamesExitCodesAndVariables() throws {
    let text = try Tool.run(["--help"]).text
    for word in ["64", "65", "66", "74", "130", "143", "MOULT_THREADS", "MOULT_CACHE", "NO_COLOR"] {
      #expect(text.contains(word), "\(word)")
    }
  }

  @Test func withoutAVerbThereIsHelp() throws {
    let result = try Tool.run([])
    #expect(result.status == 0)
    #expect(result.text.contains("SUBCOMMANDS:"))
  }

  @Test func versionIsANumber() throws {
    let version = try Tool.run(["--version"]).lines
    #expect(version.count == 1)
    #expect(version[0].split(separator: ".").count == 3)
  }
}
