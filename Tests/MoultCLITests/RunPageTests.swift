import Foundation
import Moult
import MoultDigits
import MoultTestSupport
import Testing

/// What a run leaves for people to look at.
@Suite struct RunPageTests {
  private static let run = ["train", "--epochs", "2", "--model", "784-16-10", "--quiet", "--out", "run"]

  @Test func everyNumberOfThePageIsThatOfTheLog() throws {
    try Tool.withFolder { folder in
      try expectEqual(Tool.run(Self.run, folder: folder).status, 0)
      let page = try String(contentsOfFile: folder + "/run/report.html", encoding: .utf8)
      let log = try String(contentsOfFile: folder + "/run/metrics.jsonl", encoding: .utf8)
      var compared = 0
      for line in log.split(separator: "\n") {
        // Foundation's JSON numbers are not always the nearest; the line's own text is.
        let members = line.dropFirst().dropLast().split(separator: ",").map { member in
          member.split(separator: ":").map { $0.filter { $0 != "\"" } }
        }
        let record = Dictionary(uniqueKeysWithValues: members.map { ($0[0], $0[1]) })
        let epoch = try unwrapped(record["epoch"])
        for (metric, text) in record where !["schema", "event", "epoch"].contains(metric) {
          let number = try unwrapped(Double(text), "\(metric)")
          let cells = page.components(separatedBy: "<td").filter {
            $0.contains("data-epoch=\"\(epoch)\"") && $0.contains("data-metric=\"\(metric)\"")
          }
          expectTrue(!cells.isEmpty, "\(metric) of epoch \(epoch) is on the page")
          for cell in cells {
            let text = try unwrapped(
              cell.components(separatedBy: "data-value=\"").dropFirst().first?.components(separatedBy: "\"").first)
            expectEqual(Double(text), number, "\(metric) of epoch \(epoch)")
            compared += 1
          }
        }
      }
      expectAtLeast(compared, 20)
    }
  }

  @Test func theCommandOnThePageMakesTheSameRun() throws {
    try Tool.withFolder { folder in
      let table =
        "a,b,\"c,d\",y\n" + (0..<60).map { "\($0),\($0 % 7),\($0 % 5),\($0 % 2 == 0 ? "yes" : "no")\n" }.joined()
      try table.write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
      let first = ["train", "x.csv", "--target", "y", "--set", "data.ignore=[\"c,d\"]", "--epochs", "3", "--quiet"]
      let result = try Tool.run(first + ["--out", "run"], folder: folder)
      expectEqual(result.status, 0, "\(result.error)")
      let page = try String(contentsOfFile: folder + "/run/report.html", encoding: .utf8)
      let start = try unwrapped(page.range(of: "moult train "))
      let command = page[start.lowerBound...].prefix { $0 != "<" }
        .replacingOccurrences(of: "&quot;", with: "\"").replacingOccurrences(of: "&#39;", with: "'")
        .replacingOccurrences(of: "&amp;", with: "&").replacingOccurrences(of: "moult train", with: "")
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      shell.arguments = ["-c", "\"$0\" train \(command) --quiet --out again", try Tool.path()]
      shell.currentDirectoryURL = URL(fileURLWithPath: folder)
      shell.standardOutput = FileHandle.nullDevice
      try shell.run()
      shell.waitUntilExit()
      expectEqual(shell.terminationStatus, 0, "\(command)")
      for file in ["model.safetensors", "config.json"] {
        let files = try ["run", "again"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)/\(file)")) }
        expectEqual(files[0], files[1], "\(file)")
      }
    }
  }

  /// The numbers of a metric on a page, without those of epochs.
  private func values(_ metric: String, _ page: String) -> [Double] {
    page.components(separatedBy: "<").filter {
      $0.contains("data-metric=\"\(metric)\"") && !$0.contains("data-epoch")
    }.compactMap { tag in
      tag.components(separatedBy: "data-value=\"").dropFirst().first?.components(separatedBy: "\"").first.flatMap(
        Double.init)
    }
  }

  @Test func densitiesAreOfEveryElementAndTheTimeIsThatOfTheEvent() throws {
    try Tool.withFolder { folder in
      let options = ["--dropout", "0", "--input-dropout", "0", "--batch-size", "100", "--json"]
      let result = try Tool.run(Self.run + options, folder: folder)
      expectEqual(result.status, 0, "\(result.error)")
      let page = try String(contentsOfFile: folder + "/run/report.html", encoding: .utf8)
      let pixels = try BundledDigits.load().train.batch(at: Array(0..<100)).inputs.scalars(as: Float.self)
      let density = Double(pixels.count { $0 != 0 }) / Double(pixels.count)
      expectEqual((density * 100_000).rounded(), 18_656)
      expectEqual(values("density", page).first, density)
      let event = try unwrapped(try result.json().first { $0["event"] as? String == "finished" })
      let seconds = try unwrapped(event["seconds"] as? Double), shown = try unwrapped(values("seconds", page).first)
      expectAtMost(abs(shown - seconds), 1e-12 * seconds)
      expectTrue(page.contains("in one training step of 100 samples, measured after training"))
      expectTrue(page.contains("test samples, drawn at random; the temperature was fitted on the other"))
    }
  }

  @Test func withoutAReportThereIsNone() throws {
    try Tool.withFolder { folder in
      try expectEqual(Tool.run(Self.run, folder: folder).status, 0)
      expectTrue(FileManager.default.fileExists(atPath: folder + "/run/charts/loss.svg"))
      try expectEqual(Tool.run(Self.run + ["--force", "--no-report"], folder: folder).status, 0)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/run").sorted()
      expectEqual(files, ["config.json", "events.tfevents", "metrics.csv", "metrics.jsonl", "model.safetensors"])
    }
  }

  /// Samples that come class by class must not make the gap or the temperature look at one class.
  @Test func theOrderOfSamplesDoesNotMakeTheGap() throws {
    try Tool.withFolder { folder in
      // Rows in the order of their classes, all in the training part but the last of each class.
      var lines = ["x,z,y,part"]
      for label in ["a", "b", "c"] {
        for row in 0..<60 {
          let part = row % 6 == 4 ? "validation" : row % 6 == 5 ? "test" : "train"
          lines.append("\(row % 13),\(row % 11),\(label),\(part)")
        }
      }
      try (lines.joined(separator: "\n") + "\n").write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
      let arguments = [
        "train", "x.csv", "--target", "y", "--split-column", "part", "--epochs", "2", "--json", "--quiet",
      ]
      let events = try Tool.run(arguments, folder: folder).json()
      // The columns say nothing of the class: no loss can be far below that of a guess, log 3.
      let epoch = try unwrapped(events.first { $0["event"] as? String == "epoch" })
      try expectGreater(unwrapped(epoch["train_evaluation_loss"] as? Double), 0.9)
    }
  }
}
