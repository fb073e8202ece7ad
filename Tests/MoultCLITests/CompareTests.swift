import Foundation
import Testing

@testable import MoultCLI

@Suite struct CompareTests {
  private static let quick = ["--epochs", "1", "--model", "784-16-10", "--quiet"]

  private func object(_ path: String) throws -> [String: Any] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }

  @Test func eachTrainingIsTheOneThatTrainMakes() throws {
    try Tool.withFolder { folder in
      let compared = try Tool.run(
        ["compare", "--repeats", "2", "--seed", "3", "--dropout", "0.2", "--out", "all"] + Self.quick, folder: folder)
      #expect(compared.status == 0, "\(compared.error)")
      for (arm, options) in [("with", ["--dropout", "0.2"]), ("without", ["--dropout", "0"])] {
        let lone = ["train", "--seed", "4", "--split-seed", "3", "--out", arm] + options + Self.quick
        #expect(try Tool.run(lone, folder: folder).status == 0)
        for file in ["model.safetensors", "config.json"] {
          let files = try ["\(arm)/\(file)", "all/\(arm)/seed4/\(file)"].map {
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))
          }
          #expect(files[0] == files[1], "\(arm) \(file)")
        }
      }
    }
  }

  @Test func theFolderTheTableAndTheAnswerSayTheSame() throws {
    try Tool.withFolder { folder in
      let arguments = ["compare", "--rates", "0,0.5,0.1", "--repeats", "2", "--out", "all"] + Self.quick
      let text = try Tool.run(arguments, folder: folder)
      #expect(text.status == 0, "\(text.error)")
      let compared = try object(folder + "/all/compare.json")
      let arms = try #require(compared["arms"] as? [[String: Any]])
      #expect(arms.map { $0["name"] as? String } == ["without dropout", "rate 0.5", "rate 0.1"])
      let answer = try #require(compared["answer"] as? [String: Any])
      // Of two rates the lower validation loss is judged: a network this small learns best with the lower rate.
      let losses = try arms.map { try #require($0["validation_loss"] as? [Double]).reduce(0, +) }
      #expect(answer["arm"] as? String == (losses[1] < losses[2] ? "rate 0.5" : "rate 0.1"))
      #expect(text.text.contains(try #require(answer["text"] as? String)))
      let chosen = try #require(arms.first { $0["name"] as? String == answer["arm"] as? String })
      let (with, without) = (try #require(chosen["test"] as? [Double]), try #require(arms[0]["test"] as? [Double]))
      let differences = zip(without, with).map { $1 - $0 }
      let mean = try #require(answer["difference"] as? Double)
      #expect(abs(mean - differences.reduce(0, +) / 2) < 1e-12)
      let configuration = try object(folder + "/all/rate-0.5/seed1/config.json")
      let data = try #require(configuration["data"] as? [String: Any])
      #expect(data["validation_share"] as? Double == 0.1 && data["split_seed"] as? Int == 0)
    }
  }

  @Test func oneRepeatGivesNoVerdict() throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(["compare", "--repeats", "1", "--json"] + Self.quick, folder: folder)
      let last = try #require(try result.json().last)
      let answer = try #require(last["answer"] as? [String: Any])
      #expect(answer["verdict"] is NSNull && answer["interval"] is NSNull)
      #expect((answer["text"] as? String)?.contains("One repeat cannot tell") == true)
    }
  }

  @Test(arguments: [
    (["--repeats", "0"], "--repeats: expected 1 to 1000, got 0"),
    (["--rates", "0,2"], "expected rates in 0...1 such as 0,0.2,0.5, got '0,2'"),
    (["--rates", "0.5"], "--rates: expected two rates or more, got 1"),
    (["--rates", "0,0.5,0.5"], "expected each rate once"),
    (["--rates", "0,0.5", "--dropout", "0.5"], "--dropout: expected without --rates and --variants"),
    (["--rates", "0,0.5", "--variants", "dropout"], "--variants: expected without --rates"),
    (["--variants", "cutout"], "expected one that applies to the network, got cutout"),
    (["--seed", "18446744073709551615"], "--seed: expected a seed that leaves room for 5 repeats"),
  ])
  func whatCannotBeComparedIsSaid(options: [String], message: String) throws {
    try Tool.withFolder { folder in
      let result = try Tool.run(["compare"] + options, folder: folder)
      #expect(result.status == 64 && result.error.contains(message), "\(result.error)")
    }
  }
}

@Suite struct PairedDifferenceTests {
  @Test func theIntervalHoldsChanceOfSeedsAndOfSamples() throws {
    // Two seeds, four samples. Differences of the seeds: -0.25 and -0.5; of the samples, over the seeds: -1, -0.5, 0, 0.
    let first: [[Double]] = [[1, 1, 0, 0], [1, 1, 0, 0]], second: [[Double]] = [[0, 1, 0, 0], [0, 0, 0, 0]]
    let difference = PairedDifference(first, second, .mean)
    #expect(difference.differences == [-0.25, -0.5])
    let ofSeeds = 0.03125 / 2, ofSamples = (0.390625 + 0.015625 + 0.140625 + 0.140625) / 3 / 4
    let error = (ofSeeds + ofSamples).squareRoot()
    #expect(abs(try #require(difference.standardError) - error) < 1e-12)
    let interval = try #require(difference.interval)
    #expect(abs(interval.upperBound - (-0.375 + 12.7062 * error)) < 1e-9)
    #expect(difference.verdict == .notShown)
  }

  @Test func theRootBendsTheScale() throws {
    // Errors of 4 and 16 in the square: roots 2 and 4 in units of 10. Samples differ: 12 ± 4 over a slope of 10 / 6.
    let first: [[Double]] = [[4, 4], [4, 4]], second: [[Double]] = [[12, 20], [12, 20]]
    let difference = PairedDifference(first, second, .rootMean(unit: 10))
    #expect(difference.differences == [20, 20])
    let error: Double = 10 / 6.0 * (32.0 / 2).squareRoot()
    #expect(abs(try #require(difference.standardError) - error) < 1e-12)
  }

  @Test func whatIsSureHelpsOrHurts() {
    let low = (0..<5).map { _ in (0..<1_000).map { $0 % 20 == 0 ? 1.0 : 0 } }
    let high = (0..<5).map { _ in (0..<1_000).map { $0 % 4 == 0 ? 1.0 : 0 } }
    #expect(PairedDifference(high, low, .mean).verdict == .helped)
    #expect(PairedDifference(low, high, .mean).verdict == .hurt)
    #expect(PairedDifference(low, low, .mean).verdict == .notShown)
    #expect(PairedDifference([low[0]], [high[0]], .mean).verdict == nil)
  }
}
