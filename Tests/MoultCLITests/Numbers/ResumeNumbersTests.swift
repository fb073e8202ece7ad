import Foundation
import Moult
import MoultTestSupport
import Testing

/// Counts of a run that was interrupted are those of the whole run.
@Suite struct ResumeNumbersTests {
  private static let run = [
    "train", "x.npz", "--epochs", "4", "--model", "4-8-3", "--batch-size", "200", "--quiet", "--no-report", "--json",
  ]

  /// The events of a run without times.
  private func events(_ result: Tool.Result, _ name: String) throws -> [NSDictionary] {
    try result.json().filter { $0["event"] as? String == name }.map { event in
      event.filter { !["seconds", "samples_per_second", "out"].contains($0.key) } as NSDictionary
    }
  }

  @Test func stepsEpochsAndMetricsGoOn() throws {
    try Tool.withFolder { folder in
      try NPZ.write(["x": ManyRows.inputs, "y": Tensor(labels: ManyRows.labels)], to: folder + "/x.npz")
      let whole = try Tool.run(Self.run + ["--out", "whole"], folder: folder)
      // 1,840 training samples make 10 steps an epoch.
      let finished = try unwrapped(try events(whole, "finished").last)
      expectTrue(finished["steps"] as? Int == 40 && finished["epochs"] as? Int == 4)
      try expectEqual(events(whole, "epoch").map { $0["steps"] as? Int }, [10, 20, 30, 40])

      // Stopped after each step until the first epoch and some steps of the second are done.
      let first = try Tool.run(Self.run + ["--out", "parts", "--time-limit", "1e-9"], folder: folder)
      try expectTrue(events(first, "interrupted").last?["steps"] as? Int == 1)
      let next = ["train", "--resume", "parts", "--quiet", "--no-report", "--json"]
      for step in 2...13 {
        let part = try Tool.run(next + ["--time-limit", "1e-9"], folder: folder)
        let event = try unwrapped(try events(part, "interrupted").last)
        expectTrue(event["steps"] as? Int == step && event["epochs"] as? Int == (step < 10 ? 0 : 1), "\(part.text)")
      }
      let last = try Tool.run(next, folder: folder)
      try expectEqual(events(last, "finished").last, finished)
      // The epochs after the interruption have the numbers of the whole run.
      try expectEqual(events(last, "epoch"), Array(events(whole, "epoch").dropFirst()))
      let logs = try ["whole", "parts"].map { name in
        try String(contentsOfFile: "\(folder)/\(name)/metrics.jsonl", encoding: .utf8).split(separator: "\n").map {
          line in
          line.replacing(#/"(seconds|samples_per_second)":[^,}]*/#, with: "")
        }
      }
      expectTrue(logs[0] == logs[1] && logs[0].count == 4)
    }
  }
}
