import Foundation
import MoultTestSupport
import Testing

@Suite struct CompareTests {
  private static let quick = ["--epochs", "1", "--model", "784-16-10", "--quiet"]

  private func object(_ path: String) throws -> [String: Any] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return try unwrapped(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }

  @Test func eachTrainingIsTheOneThatTrainMakes() throws {
    try Tool.withFolder { folder in
      let compared = try Tool.run(
        ["compare", "--repeats", "2", "--seed", "3", "--dropout", "0.2", "--out", "all"] + Self.quick, folder: folder)
      expectEqual(compared.status, 0, "\(compared.error)")
      for (arm, options) in [("with", ["--dropout", "0.2"]), ("without", ["--dropout", "0"])] {
        let lone = ["train", "--seed", "4", "--split-seed", "3", "--out", arm] + options + Self.quick
        try expectEqual(Tool.run(lone, folder: folder).status, 0)
        for file in ["model.safetensors", "config.json"] {
          let files = try ["\(arm)/\(file)", "all/\(arm)/seed4/\(file)"].map {
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))
          }
          expectEqual(files[0], files[1], "\(arm) \(file)")
        }
      }
    }
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func aSignalEndsTheComparisonAndTellsTheShell(signal: Int32, status: Int32) throws {
    try Tool.withFolder { folder in
      let process = try Tool.process(
        ["compare", "--epochs", "300", "--model", "784-16-10", "--repeats", "2", "--out", "all", "--quiet"],
        folder: folder)
      let error = Pipe()
      process.standardOutput = FileHandle.nullDevice
      process.standardError = error
      try process.run()
      // The log of the first arm says that its training is under way.
      let log = folder + "/all/without/seed0/metrics.jsonl", deadline = ContinuousClock.now + .seconds(60)
      while ((try? Data(contentsOf: URL(fileURLWithPath: log))) ?? Data()).isEmpty, ContinuousClock.now < deadline {
        usleep(10_000)
      }
      kill(process.processIdentifier, signal)
      let message = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      expectTrue(Tool.status(process) == status && process.terminationReason == .exit, "\(message)")
      expectTrue(message.contains("interrupted in without dropout, seed 0, after 0 whole repeats"))
    }
  }

  @Test func theFolderTheTableAndTheAnswerSayTheSame() throws {
    try Tool.withFolder { folder in
      let arguments = ["compare", "--rates", "0,0.5,0.1", "--repeats", "2", "--out", "all"] + Self.quick
      let text = try Tool.run(arguments, folder: folder)
      expectEqual(text.status, 0, "\(text.error)")
      let compared = try object(folder + "/all/compare.json")
      let arms = try unwrapped(compared["arms"] as? [[String: Any]])
      expectEqual(arms.map { $0["name"] as? String }, ["without dropout", "rate 0.5", "rate 0.1"])
      let answer = try unwrapped(compared["answer"] as? [String: Any])
      // Of two rates the one with the lower validation loss is evaluated: a network this small learns best with the
      // lower rate.
      let losses: [Double] = try arms.map { arm in
        let values = try unwrapped(arm["validation_loss"] as? [Double])
        return values.reduce(0, +)
      }
      expectTrue(answer["arm"] as? String == (losses[1] < losses[2] ? "rate 0.5" : "rate 0.1"))
      expectTrue(text.text.contains(try unwrapped(answer["text"] as? String)))
      let chosen = try unwrapped(arms.first { $0["name"] as? String == answer["arm"] as? String })
      let (with, without) = (try unwrapped(chosen["test"] as? [Double]), try unwrapped(arms[0]["test"] as? [Double]))
      let differences = zip(without, with).map { $1 - $0 }
      let mean = try unwrapped(answer["difference"] as? Double)
      expectLess(abs(mean - differences.reduce(0, +) / 2), 1e-12)
      let configuration = try object(folder + "/all/rate-0.5/seed1/config.json")
      let data = try unwrapped(configuration["data"] as? [String: Any])
      expectTrue(data["validation_share"] as? Double == 0.1 && data["split_seed"] as? Int == 0)
    }
  }

  /// Samples on which plain steps with much noise grow without bound, and with little do not.
  private static func diverging(_ rates: String, in folder: String) throws -> [String] {
    let rows = (0..<100).map { "\($0 % 10),\(($0 % 10) * 3 + $0 % 3)" }
    try (["x,y"] + rows).joined(separator: "\n").write(toFile: folder + "/t.csv", atomically: true, encoding: .utf8)
    return [
      "compare", "t.csv", "--target", "y", "--rates", rates, "--repeats", "2", "--optimizer", "sgd", "--learning-rate",
      "0.01", "--model", "1-256-1", "--epochs", "20", "--out", "all",
    ]
  }

  @Test func aRateThatDivergesIsLeftOutAndTheOthersAnswer() throws {
    try Tool.withFolder { folder in
      let text = try Tool.run(Self.diverging("0,0.95,0.1", in: folder), folder: folder)
      expectEqual(text.status, 0, "\(text.error)")
      expectEqual(text.error.components(separatedBy: "rate 0.95, seed 0:").count, 2, "\(text.error)")
      expectTrue(text.error.contains("left out from here on") && !text.error.contains("rate 0.95, seed 1"))
      expectTrue(text.text.split(separator: "\n").contains { $0.hasPrefix("rate 0.95") && $0.contains("diverged") })
      let compared = try object(folder + "/all/compare.json")
      let arms = try unwrapped(compared["arms"] as? [[String: Any]])
      expectEqual(arms.map { ($0["test"] as? [Double])?.count }, [2, 0, 2])
      expectEqual(arms.map { $0["diverged"] is String }, [false, true, false])
      expectTrue((compared["answer"] as? [String: Any])?["arm"] as? String == "rate 0.1")
      let page = try String(contentsOfFile: folder + "/all/report.html", encoding: .utf8)
      expectTrue(page.contains("dropout 0.95; diverged"))
    }
  }

  @Test func aDivergenceEndsTheComparisonWhereNothingIsLeftToCompare() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(Self.diverging("0,0.95", in: folder), folder: folder)
      expectTrue(result.status == 3 && result.error.contains("rate 0.95, seed 0:"), "\(result.error)")
      expectTrue(result.error.contains("the runs so far are in all"), "\(result.error)")
    }
  }

  @Test func oneRepeatGivesNoVerdict() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(["compare", "--repeats", "1", "--json"] + Self.quick, folder: folder)
      let last = try unwrapped(try result.json().last)
      let answer = try unwrapped(last["answer"] as? [String: Any])
      expectTrue(answer["verdict"] is NSNull && answer["interval"] is NSNull)
      expectEqual((answer["text"] as? String)?.contains("One repeat cannot tell"), true)
    }
  }

  @Test(arguments: [
    (["--repeats", "0"], "--repeats: expected 1 to 1000, got 0"),
    (["--rates", "0,2"], "expected rates in 0...1 such as 0,0.2,0.5, got '0,2'"),
    (["--rates", "0.5"], "--rates: expected two rates or more, such as 0,0.5, got 1"),
    (["--rates", "0.2,0.5"], "--rates: expected 0 among them, which the others are held against; add 0"),
    (["--rates", "0,0.5,0.2", "--validation-share", "0"], "--validation-share: expected more than 0"),
    (["--rates", "0,0.5,0.5"], "expected each rate once"),
    (["--rates", "0,0.5", "--dropout", "0.5"], "--dropout: expected without --rates and --variants"),
    (["--rates", "0,0.5", "--variants", "dropout"], "--variants: expected without --rates"),
    (["--variants", "cutout"], "expected one that applies to the network, got cutout"),
    (["--seed", "18446744073709551615"], "--seed: expected a seed that leaves room for 5 repeats"),
  ])
  func whatCannotBeComparedIsSaid(options: [String], message: String) throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(["compare"] + options, folder: folder)
      expectTrue(result.status == 64 && result.error.contains(message), "\(result.error)")
    }
  }
}
