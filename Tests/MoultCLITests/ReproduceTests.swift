import Foundation
import MoultTestSupport
import Testing

@Suite struct ReproduceTests {
  private static let row = "relu-3x1024"
  /// One small network, on bundled digits.
  private static let quick = ["reproduce", "srivastava-mnist", "--quick", "--row", row, "--out", "study"]

  private func results(_ folder: String) throws -> [String: Double] {
    let lines = try String(contentsOfFile: folder + "/results.jsonl", encoding: .utf8).split(separator: "\n")
    return try lines.reduce(into: [:]) { figures, line in
      let result = try unwrapped(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      figures[try unwrapped(result["row"] as? String)] = try unwrapped(result["ours"] as? Double)
    }
  }

  @Test func withoutANameTheStudiesAreListed() throws {
    let names = [
      "srivastava-mnist", "srivastava-size", "srivastava-rates", "srivastava-mc", "wan-dropconnect", "gal-uci",
    ]
    let text = try Tool.run(["reproduce"])
    expectTrue(
      text.status == 0 && text.lines.dropFirst().map { $0.split(separator: " ").first.map(String.init) } == names)
    let events = try Tool.run(["reproduce", "--json"]).json()
    expectEqual(events.map { $0["name"] as? String }, names)
    expectTrue(
      events.allSatisfy { $0["schema"] as? Int == 1 && ($0["source"] as? String)?.contains("https://") == true })
  }

  /// The paper's table, typed in here a second time.
  @Test func theRowsAreThoseOfThePapersWithRecipes() throws {
    let events = try Tool.run(["reproduce", "srivastava-mnist", "--list", "--json"]).json()
    expectEqual(
      events.map { "\($0["row"] ?? "") \($0["paper"] ?? "")" },
      [
        "standard-800 1.6", "standard-800-800 1.6", "logistic-3x1024 1.35", "relu-3x1024 1.25",
        "max-norm-3x1024 1.06", "max-norm-3x2048 1.04", "max-norm-2x4096 1.01", "max-norm-2x8192 0.95",
      ])
    let recipe = try unwrapped(events[4]["recipe"] as? String)
    for part in ["784-1024-1024-1024-10", "dropout 0.5 (inputs 0.2)", "max-norm 2.0", "He-normal", "batch 128", "0.95"]
    {
      expectTrue(recipe.contains(part), "\(recipe)")
    }
    let wan = try Tool.run(["reproduce", "wan-dropconnect", "--list", "--json"]).json()
    expectEqual(wan.compactMap { $0["paper"] as? Double }, [1.62, 1.28, 1.2, 1.78, 1.38, 1.55, 1.65, 1.58, 1.36])
    for (name, count) in [("srivastava-size", 12), ("srivastava-rates", 20), ("srivastava-mc", 8)] {
      let rows = try Tool.run(["reproduce", name, "--list", "--json"]).json()
      expectTrue(rows.count == count && rows.allSatisfy { $0["paper"] is NSNull }, "\(name) is a curve in the paper")
    }
  }

  @Test func aRowIsPrintedBesideThePapersFigureAndTheTableGoesBetweenItsMarkers() throws {
    try Tool.withFolder { folder in
      let (begin, end) = (
        "<!-- moult reproduce srivastava-mnist: begin -->", "<!-- moult reproduce srivastava-mnist: end -->"
      )
      let file = folder + "/Results.md"
      try "# Mine\n\n\(begin)\nold\n\(end)\nbelow\n".write(toFile: file, atomically: false, encoding: .utf8)
      let result = try Tool.run(Self.quick + ["--json", "--table", "Results.md"], folder: folder)
      expectEqual(result.status, 0, "\(result.error)")
      let line = try unwrapped(try result.json().first)
      expectTrue(
        line["schema"] as? Int == 1 && line["event"] as? String == "result" && line["row"] as? String == Self.row)
      expectTrue(line["paper"] as? Double == 1.25 && line["seeds"] as? Int == 2 && line["steps"] as? Int == 2 * 10 * 79)
      let ours = try unwrapped(line["ours"] as? Double), error = try unwrapped(line["standard_error"] as? Double)
      expectTrue((2..<15).contains(ours) && line["seconds"] is Double)
      let figures = try (0..<2).map { seed -> Double in
        let page = try Data(contentsOf: URL(fileURLWithPath: folder + "/study/state/\(Self.row)-seed\(seed).json"))
        let object = try JSONSerialization.jsonObject(with: page) as? [String: Any]
        let values = (object?["measurement"] as? [String: Any])?["values"] as? [String: Double]
        return try unwrapped(values?[Self.row])
      }
      expectTrue(abs(ours - (figures[0] + figures[1]) / 2) < 1e-9 && figures[0] != figures[1])
      expectLess(abs(error - abs(figures[0] - figures[1]) / 2), 1e-9)
      expectTrue(result.error.contains("784-256-256-256-10, relu, dropout 0.5 (inputs 0.2)"), "the recipe is printed")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      expectTrue(text.hasPrefix("# Mine\n\n\(begin)\n`moult reproduce srivastava-mnist --quick`\n"))
      expectTrue(text.hasSuffix("\n\(end)\nbelow\n") && !text.contains("old") && text.contains("| relu-3x1024 | "))
      expectTrue(text.contains("not to be compared"))

      let again = try Tool.run(Self.quick + ["--json", "--table", "Results.md"], folder: folder)
      expectEqual(again.text, result.text, "nothing is measured twice, not even its time")
      try expectEqual(String(contentsOfFile: file, encoding: .utf8), text)
      let other = try Tool.run(
        ["reproduce", "srivastava-mnist", "--quick", "--row", "standard-800", "--seeds", "1", "--out", "study"],
        folder: folder)
      expectEqual(other.status, 0, "\(other.error)")
      try expectEqual(
        results(folder + "/study").keys.sorted(), [Self.row, "standard-800"], "rows of earlier calls stay")
      try expectEqual(results(folder + "/study")[Self.row], ours, "with all their seeds")

      // A table that people read is not replaced by one of fewer seeds.
      let poorer = try Tool.run(
        ["reproduce", "srivastava-mnist", "--quick", "--row", "standard-800", "--seeds", "3", "--out", "study"]
          + ["--table", "Results.md"], folder: folder)
      expectTrue(poorer.status == 0 && poorer.error.contains("Results.md: left as it is until"), "\(poorer.error)")
      try expectEqual(String(contentsOfFile: file, encoding: .utf8), text)
    }
  }

  /// Two processes in one folder would train the same seeds twice and take each other's checkpoints away.
  @Test func aFolderIsForOneProcess() throws {
    try Tool.withFolder { folder in
      let process = try Tool.process(Self.quick, folder: folder)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      while process.isRunning, !FileManager.default.fileExists(atPath: folder + "/study/state") { sched_yield() }
      while process.isRunning, !FileManager.default.fileExists(atPath: folder + "/study/.lock") { sched_yield() }
      let second = try Tool.run(Self.quick, folder: folder)
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      expectTrue(second.status == 64 && second.error.contains("another moult reproduce works in this folder"))
    }
  }

  /// What the papers say of each network, typed in here a second time.
  @Test func recipesOfCurvesAreThoseOfThePapers() throws {
    func recipe(_ study: String, _ row: String) throws -> String {
      let lines = try Tool.run(["reproduce", study, "--list", "--json", "--row", row]).json()
      return try unwrapped(lines.first?["recipe"] as? String)
    }
    let fixed = try recipe("srivastava-rates", "units-fixed-keep-0.4")
    expectTrue(fixed.hasPrefix("784-2048-2048-2048-10, relu, dropout 0.6, ") && !fixed.contains("inputs"), "\(fixed)")
    let kept = try recipe("srivastava-rates", "kept-units-fixed-keep-0.5")
    expectTrue(kept.hasPrefix("784-512-512-1024-10, relu, dropout 0.5, "), "\(kept)")
    let size = try recipe("srivastava-size", "dropout-500")
    expectTrue(
      size.hasPrefix("784-1024-1024-2048-10, relu, dropout 0.5 (inputs 0.2)") && size.contains(" 500 training"))
    try expectTrue(recipe("srivastava-mc", "samples-20").contains("[1, 2, 5, 10, 20, 50, 100]"))
  }

  @Test func aStudyThatIsStoppedGoesOnToTheSameBits() throws {
    try Tool.withFolder { folder in
      let whole = try Tool.run(Self.quick + ["--quiet"], folder: folder)
      expectEqual(whole.status, 0, "\(whole.error)")
      let arguments = ["reproduce", "srivastava-mnist", "--quick", "--row", Self.row, "--out", "stopped"]
      let one = try Tool.run(arguments + ["--seeds", "1"], folder: folder)
      expectEqual(one.status, 0)
      let state = folder + "/stopped/state"
      // The second seed is stopped as soon as it has left a checkpoint.
      let process = try Tool.process(arguments, folder: folder)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      let checkpoint = state + "/\(Self.row)-seed1.safetensors"
      while process.isRunning, !FileManager.default.fileExists(atPath: checkpoint) { sched_yield() }
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      expectEqual(Tool.status(process), 130)
      try expectEqual(FileManager.default.contentsOfDirectory(atPath: state).sorted().count, 2)
      let rest = try Tool.run(arguments, folder: folder)
      expectTrue(rest.status == 0 && rest.error.contains("\(Self.row)-seed1: goes on after epoch "), "\(rest.error)")
      try expectEqual(results(folder + "/stopped"), results(folder + "/study"))
      try expectEqual(
        FileManager.default.contentsOfDirectory(atPath: state).sorted(),
        [
          "\(Self.row)-seed0.json", "\(Self.row)-seed1.json",
        ])
    }
  }

  @Test func figuresOfAnotherRecipeAreNotMixedIn() throws {
    try Tool.withFolder { folder in
      try expectEqual(Tool.run(Self.quick + ["--seeds", "1"], folder: folder).status, 0)
      let path = folder + "/study/state/\(Self.row)-seed0.json"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      for (changed, status) in [(text.replacing("momentum 0.95", with: "momentum 0.9"), Int32(64)), ("{", 65)] {
        try changed.write(toFile: path, atomically: false, encoding: .utf8)
        let result = try Tool.run(Self.quick, folder: folder)
        expectTrue(
          result.status == status && result.error.contains(path.split(separator: "/").last.map(String.init) ?? ""))
      }
    }
  }

  @Test func oneNetworkAnswersForAllNumbersOfSamples() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(
        ["reproduce", "srivastava-mc", "--quick", "--seeds", "1", "--json", "--out", "study"], folder: folder)
      expectEqual(result.status, 0, "\(result.error)")
      let lines = try result.json()
      expectTrue(lines.count == 8 && lines.allSatisfy { $0["standard_error"] is NSNull && $0["paper"] is NSNull })
      let figures = try results(folder + "/study")
      let (one, many) = (try unwrapped(figures["samples-1"]), try unwrapped(figures["samples-100"]))
      expectLess(many, one, "averaging helps")
      try expectEqual(FileManager.default.contentsOfDirectory(atPath: folder + "/study/state").count, 1)
    }
  }

  @Test(arguments: [
    (["srivastava-mnst"], Int32(64), "got 'srivastava-mnst'; near it: srivastava-mnist"),
    (["srivastava-mnist", "--row", "relu-3x1042"], 64, "near it: relu-3x1024"),
    (["srivastava-mnist", "--set", "yacht"], 64, "--set: expected with gal-uci only"),
    (["--quick"], 64, "expected the name of a study"),
    (
      ["srivastava-size", "--data", "digits", "--row", "dropout-50000"], 65,
      "row dropout-50000: expected 50000 training"
    ),
    (["srivastava-mnist", "--seeds", "0"], 64, "--seeds: expected 1 to 1000, got 0"),
    (["srivastava-mnist", "--data", "nowhere"], 66, "got 'nowhere'"),
    (["srivastava-mnist"], 66, "moult data download mnist"),
    (["gal-uci", "--set", "yacht"], 64, "--data: expected a folder of UCI sets"),
    (["gal-uci", "--data", "."], 64, "--set: expected the name of a set"),
    (["gal-uci", "--data", "nowhere", "--set", "yacht"], 66, "nowhere: expected a folder of UCI sets"),
    (["srivastava-mnist", "--quick", "--row", "standard-800", "--seeds", "1", "--table", "no.md"], 66, "no.md: "),
    (
      ["srivastava-mnist", "--quick", "--table", "empty.md"], 65,
      "begin -->' and '<!-- moult reproduce srivastava-mnist"
    ),
  ])
  func whatCannotWorkIsSaid(arguments: [String], status: Int32, message: String) throws {
    try Tool.withFolder { folder in
      try "".write(toFile: folder + "/empty.md", atomically: false, encoding: .utf8)
      let result = try Tool.run(["reproduce"] + arguments, environment: ["MOULT_CACHE": folder], folder: folder)
      expectTrue(result.status == status && result.error.contains(message), "\(result.status) \(result.error)")
    }
  }
}
