import Foundation
import MoultTestSupport
import Testing

@Suite struct ReproduceRegressionTests {
  /// A made-up set: 60 rows of a plane with a little noise, two splits.
  private func withSet(_ body: (String) throws -> Void) throws {
    try Tool.withFolder { folder in
      let set = folder + "/sets/plane"
      try FileManager.default.createDirectory(atPath: set, withIntermediateDirectories: true)
      func write(_ name: String, _ lines: [String]) throws {
        try (lines.joined(separator: "\n") + "\n").write(toFile: set + "/" + name, atomically: false, encoding: .utf8)
      }
      let rows = (0..<60).map { row -> String in
        let (a, b) = (Double(row * 37 % 60) / 10, Double(row * 23 % 60) / 20)
        return "\(a) \t\(b)  \(100 + 2 * a - 3 * b + Double(row * 7 % 5) / 50)"
      }
      try write("data.txt", rows)
      try write("index_features.txt", ["0", "1"])
      try write("index_target.txt", ["2"])
      try write("n_splits.txt", ["2"])
      try write("tau_values.txt", ["1", "4.0e+00"])
      for split in 0..<2 {
        try write("index_test_\(split).txt", (0..<6).map { String($0 * 2 + split) })
        try write("index_train_\(split).txt", (12..<60).map { "\($0).000e+00" })
      }
      try body(folder)
    }
  }

  private static let quick = ["reproduce", "gal-uci", "--data", "sets", "--set", "plane", "--quick", "--out", "study"]

  @Test func bothFiguresAreInTheTargetsUnitsAndTheGridIsRemembered() throws {
    try withSet { folder in
      let result = try Tool.run(Self.quick + ["--json"], folder: folder)
      expectEqual(result.status, 0, "\(result.error)")
      let lines = try result.json()
      expectEqual(lines.map { $0["row"] as? String }, ["rmse", "log_likelihood"])
      expectTrue(lines.allSatisfy { $0["paper"] is NSNull && $0["seeds"] as? Int == 2 })
      // 4 rates and 2 precisions, 38 rows in one batch, 40 epochs; then all 48 rows.
      expectTrue(lines.allSatisfy { $0["steps"] as? Int == 2 * (8 * 40 + 40) })
      let rmse = try unwrapped(lines[0]["ours"] as? Double), likelihood = try unwrapped(lines[1]["ours"] as? Double)
      // The targets spread over 4.3; 40 steps learn a part of the plane, and the noise is at least 1/4.
      expectTrue((0.3..<5).contains(rmse), "\(rmse)")
      // One normal of variance 1 around the mean would give the right side; the mixture's tails are heavier.
      expectTrue(likelihood > -0.92 - rmse * rmse * 2.5 && likelihood < -0.2, "\(likelihood) at \(rmse)")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/study/state").sorted()
      expectEqual(files.count, 2 * (8 + 1))

      // Stopped between two points of the grid is what is left without some of the files.
      for file in files where file.contains("split1") && !file.contains("rate0.005") {
        try FileManager.default.removeItem(atPath: folder + "/study/state/" + file)
      }
      let again = try Tool.run(Self.quick + ["--json"], folder: folder).json()
      expectEqual(again.map { $0["ours"] as? Double }, lines.map { $0["ours"] as? Double })
    }
  }

  /// Targets in other units: the error is in these, and the density shrinks by as much.
  @Test func unitsOfTheTargetsAreThoseOfTheFigures() throws {
    try withSet { folder in
      let path = folder + "/sets/plane/data.txt"
      let figures = {
        try Tool.run(Self.quick + ["--json"], folder: folder).json().compactMap { $0["ours"] as? Double }
      }
      let before = try figures()
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let scaled = try text.split(separator: "\n").map { line in
        let numbers = try line.split(whereSeparator: \.isWhitespace).map { try unwrapped(Double($0)) }
        return "\(numbers[0]) \(numbers[1]) \(numbers[2] * 8)"
      }
      try scaled.joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
      let refused = try Tool.run(Self.quick, folder: folder)
      expectTrue(refused.status == 64 && refused.error.contains("choose another folder with --out"))
      try "0.015625\n0.0625".write(toFile: folder + "/sets/plane/tau_values.txt", atomically: false, encoding: .utf8)
      try FileManager.default.removeItem(atPath: folder + "/study")
      let after = try figures()
      try #require(before.count == 2 && after.count == 2)
      // Weight decay, whose strength depends on the precision, differs a little.
      expectLess(abs(after[0] / (8 * before[0]) - 1), 0.01, "\(after[0]) and 8 times \(before[0])")
      expectLess(abs(after[1] - (before[1] - log(8))), 0.02, "\(after[1]) and \(before[1]) - log 8")
    }
  }

  /// Which setting is chosen depends on the training rows alone.
  @Test func testRowsHaveNoSayInTheGrid() throws {
    try withSet { folder in
      func grid(_ out: String) throws -> [String: Data] {
        try expectEqual(Tool.run(Self.quick + ["--seeds", "1", "--out", out], folder: folder).status, 0)
        let state = folder + "/" + out + "/state"
        return try FileManager.default.contentsOfDirectory(atPath: state).reduce(into: [:]) { pages, file in
          let page = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: state + "/" + file)))
          let values = ((page as? [String: Any])?["measurement"] as? [String: Any])?["values"]
          pages[file] = try JSONSerialization.data(withJSONObject: try unwrapped(values), options: .sortedKeys)
        }
      }
      let before = try grid("before")
      try "9\n11".write(toFile: folder + "/sets/plane/index_test_0.txt", atomically: false, encoding: .utf8)
      let after = try grid("after")
      let names = before.keys.filter { !$0.contains("-test-") }
      expectTrue(names.count == 8 && before.keys.sorted() == after.keys.sorted())
      expectTrue(names.allSatisfy { before[$0] == after[$0] })
      expectTrue(before.keys.filter { $0.contains("-test-") }.allSatisfy { before[$0] != after[$0] })
    }
  }

  @Test func setsMayLieAsInTheAuthorsRepository() throws {
    try withSet { folder in
      let set = folder + "/sets/plane"
      try FileManager.default.moveItem(atPath: set, toPath: folder + "/data")
      try FileManager.default.createDirectory(atPath: set, withIntermediateDirectories: true)
      try FileManager.default.moveItem(atPath: folder + "/data", toPath: set + "/data")
      let result = try Tool.run(Self.quick + ["--list"], folder: folder)
      expectTrue(result.status == 0 && result.text.contains("2-50-1"), "\(result.error)")
    }
  }

  @Test func setsThatMakeNoSenseAreRefused() throws {
    try withSet { folder in
      func refusal(_ arguments: [String] = Self.quick) throws -> (Int32, String) {
        let result = try Tool.run(arguments, folder: folder)
        return (result.status, result.error)
      }
      let (status, error) = try refusal(["reproduce", "gal-uci", "--data", "sets", "--set", "plan", "--quick"])
      expectTrue(status == 66 && error.contains("got 'plan'; near it: plane"), "\(error)")
      let many = try refusal(Self.quick + ["--seeds", "3"])
      expectTrue(many.0 == 64 && many.1.contains("--seeds: expected at most 2 splits, got 3"))
      for (file, text, message) in [
        ("index_test_1.txt", "60", "index_test_1.txt: expected whole numbers from 0 to 59, got 60.0"),
        ("index_train_0.txt", "1.5", "index_train_0.txt: expected whole numbers"),
        ("data.txt", "1 2 3\n4 5", "data.txt: row 2: expected 3 numbers, as in the first, got 2"),
        ("data.txt", "1 2 x", "data.txt: line 1: expected a number, got 'x'"),
        ("index_test_1.txt", "20", "expected other rows than those of index_train_1.txt, got row 20 in both"),
        ("index_features.txt", "0 2", "index_features.txt: expected features without the target, column 2"),
        (
          "data.txt", String(repeating: "1e200 2 3\n4 5 6\n", count: 30),
          "expected features and targets whose deviation is 0 or between"
        ),
        ("tau_values.txt", "0", "tau_values.txt: expected positive numbers"),
        ("n_splits.txt", "0", "expected one target, one feature or more and one split or more"),
      ] {
        let path = folder + "/sets/plane/" + file
        let sound = try String(contentsOfFile: path, encoding: .utf8)
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        let (status, error) = try refusal()
        expectTrue(status == 65 && error.contains(message), "\(error)")
        try sound.write(toFile: path, atomically: false, encoding: .utf8)
      }
    }
  }
}
