import Foundation
import Moult
import MoultTestSupport
import Testing

/// The whole way from a table to predictions, by the tool itself.
@Suite struct TableTrainingTests {
  /// A table whose target follows from the others: 120 rows of a number with gaps, a color, a city of 20, and a part.
  static func table(target: (_ i: Int, _ size: Int, _ color: String) -> String) -> String {
    var text = "size,color,city,y\n"
    for i in 0..<120 {
      let size = i * 37 % 101, color = ["red", "green", "blue"][i * 7 % 3]
      text += "\(i % 11 == 5 ? "" : "\(size)"),\(color),c\(i % 20),\(target(i, size, color))\n"
    }
    return text
  }
  static let quantities = table { i, size, color in i == 3 ? "" : "\(5 * size + (color == "red" ? 300 : 0))" }
  static let classes = table { _, size, color in color == "red" ? "\"warm, \"\"hot\"\"\"" : size > 50 ? "cold" : "mild"
  }

  /// Trains on a table and hands out the folder that holds `x.csv` and the run `run`.
  private func withRun(
    _ text: String, _ options: [String] = [], _ body: (_ folder: String, _ result: Tool.Result) throws -> Void
  ) throws {
    try Tool.withFolder { folder in
      try text.write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
      let result = try Tool.run(
        ["train", "x.csv", "--target", "y", "--epochs", "12", "--out", "run"] + options, folder: folder)
      try body(folder, result)
    }
  }

  /// Trains on a table for a moment and hands out the folder that holds `x.csv` and `run`.
  static func withTrainedTable(_ text: String, _ body: (_ folder: String) throws -> Void) throws {
    try Tool.withFolder { folder in
      try text.write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
      let result = try Tool.run(
        ["train", "x.csv", "--target", "y", "--epochs", "4", "--no-report", "--quiet", "--out", "run"], folder: folder)
      try #require(result.status == 0, "\(result.error)")
      try body(folder)
    }
  }

  private func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
  }

  @Test func aQuantityIsLearnedAndPredictedForEveryRow() throws {
    try withRun(Self.quantities, ["--json", "--epochs", "40"]) { folder, result in
      expectEqual(result.status, 0, "\(result.error)")
      for part in ["size    number", "city    category", "note: 1 rows have no y and are left out", "embedding of 20"] {
        expectTrue(result.error.contains(part), "\(result.error)")
      }
      let end = try unwrapped(try result.json().last)
      let rmse = try unwrapped(end["test_rmse"] as? Double), base = try unwrapped(end["baseline"] as? [String: Any])
      expectLess(rmse, 0.7 * (try unwrapped(base["test_rmse"] as? Double)))

      let predicted = try Tool.run(["predict", "run", "x.csv", "--samples", "5", "--out", "p.csv"], folder: folder)
      expectTrue(predicted.status == 0 && predicted.output.isEmpty, "\(predicted.error)")
      let table = rows(try String(contentsOfFile: folder + "/p.csv", encoding: .utf8))
      expectTrue(table.first == ["row", "mean", "deviation", "lower", "upper"] && table.count == 121)
      for (index, row) in table.dropFirst().enumerated() {
        let numbers = try row.map { try unwrapped(Double($0)) }
        expectTrue(numbers[0] == Double(index + 1) && numbers[2] > 0)
        expectLess(abs(numbers[4] - numbers[1] - 1.6448536269514722 * numbers[2]), 1e-9 * numbers[4].magnitude + 1e-9)
        expectLess(abs(numbers[3] + numbers[4] - 2 * numbers[1]), 1e-6)
      }
    }
  }

  @Test func classesArePredictedByName() throws {
    try withRun(Self.classes, ["--class-weights", "balanced"]) { folder, result in
      expectTrue(result.status == 0 && result.text.contains("always the most frequent class"), "\(result.error)")
      let answer = try Tool.run(
        ["predict", "run/model.safetensors", "x.csv", "--json", "--samples", "3"], folder: folder)
      let lines = try answer.json()
      try #require(lines.count == 120, "\(answer.error)")
      for line in lines {
        let shares = try unwrapped(line["probabilities"] as? [String: Double])
        expectTrue(Set(shares.keys) == ["cold", "mild", "warm, \"hot\""] && abs(shares.values.reduce(0, +) - 1) < 1e-5)
        expectEqual(shares[try unwrapped(line["class"] as? String)], shares.values.max())
        let (entropy, shared) = (line["entropy"] as? Double ?? -1, line["mutual_information"] as? Double ?? -1)
        expectTrue((0...log(3.0)).contains(entropy) && shared <= entropy + 1e-9)
      }
      let plain = try Tool.run(["predict", "run", "x.csv", "--samples", "0"], folder: folder)
      expectEqual(plain.lines.first?.hasSuffix("p_cold,p_mild,\"p_warm, \"\"hot\"\"\""), true)
      let evaluated = try unwrapped(try Tool.run(["evaluate", "run", "x.csv", "--json"], folder: folder).json().first)
      try expectTrue(unwrapped(evaluated["accuracy"] as? Double) > 0.5 && evaluated["samples"] as? Int == 18)
    }
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    try withRun(Self.quantities) { folder, _ in
      let first = try Tool.run(["predict", "run", "x.csv", "--samples", "4"], folder: folder)
      let again = try Tool.run(["predict", "run", "x.csv", "--samples", "4", "--threads", "1"], folder: folder)
      let other = try Tool.run(["predict", "run", "x.csv", "--samples", "4", "--seed", "1"], folder: folder)
      expectTrue(first.output == again.output && first.output != other.output && first.lines.count == 121)
      // A row's answer does not depend on the rows behind it.
      let part = Self.quantities.split(separator: "\n").prefix(31).joined(separator: "\n")
      try part.write(toFile: folder + "/part.csv", atomically: false, encoding: .utf8)
      let few = try Tool.run(["predict", "run", "part.csv", "--samples", "4"], folder: folder)
      expectEqual(few.lines, Array(first.lines.prefix(31)))
    }
  }

  /// By the library alone, from the model's file.
  @Test func plainPredictionsAreTheModelsOwn() throws {
    try withRun(Self.quantities, ["--ignore", "city"]) { folder, _ in
      let (tensors, metadata) = try SafeTensors.read(folder + "/run/model.safetensors")
      let encoding = try TableEncoding.decode(try unwrapped(metadata["moult.table"]), location: "x")
      let (mean, deviation) = (encoding.target.mean, encoding.target.deviation)
      let reader = try CSVReader(path: folder + "/x.csv"), encoder = try TableEncoder(encoding, reading: reader)
      var inputs: [Float] = []
      while try reader.next() { try encoder.appendRow(to: &inputs) }
      func layer(_ name: String, _ x: Tensor) throws -> Tensor {
        matmul(x, try unwrapped(tensors[name + ".weight"]).transposed()) + (try unwrapped(tensors[name + ".bias"]))
      }
      var x = Tensor(inputs, shape: [120, encoding.inputSize])
      x = relu(try layer("hiddenLayers.0", x))
      x = try layer("outputLayer", relu(try layer("hiddenLayers.1", x)))
      let lines = rows(try Tool.run(["predict", "run", "x.csv", "--samples", "0"], folder: folder).text)
      let expected = x.scalars(as: Double.self).map { $0 * deviation + mean }
      expectEqual(lines.count, 121)
      for (line, value) in zip(lines.dropFirst(), expected) {
        expectLess(abs(try unwrapped(Double(line[1])) - value), 1e-5 * deviation)
      }
    }
  }

  @Test func otherTablesGetClearAnswers() throws {
    try withRun(Self.quantities) { folder, _ in
      func predict(_ text: String, _ options: [String] = []) throws -> Tool.Result {
        try text.write(toFile: folder + "/other.csv", atomically: false, encoding: .utf8)
        return try Tool.run(["predict", "run", "other.csv", "--out", "p.csv"] + options, folder: folder)
      }
      let missing = try predict("Size,color,y\n1,red,2\n")
      expectTrue(missing.status == 65 && missing.error.contains("got none called size, city; near it: Size"))
      let text = try predict("size,color,city\n1,red,c1\nlarge,red,c2\n")
      expectTrue(text.status == 65 && text.error.contains("line 3: size: expected a finite number, got 'large'"))
      expectTrue(!FileManager.default.fileExists(atPath: folder + "/p.csv"))
      let strange = try predict("more,size,color,city\n7,1,pink,Oslo\n")
      expectEqual(strange.status, 0)
      for note in ["a column of no use passed over: more", "color: 1 values", "city: 1 values"] {
        expectTrue(strange.error.contains(note), "\(strange.error)")
      }
      try expectEqual(Tool.run(["evaluate", "run", "other.csv"], folder: folder).status, 65)
      try expectEqual(Tool.run(["predict", "run", "nothing.csv"], folder: folder).status, 66)
      try expectEqual(Tool.run(["predict", "run", "x.csv", "--level", "1"], folder: folder).status, 64)
      try expectEqual(Tool.run(["predict", "nothing", "x.csv"], folder: folder).status, 66)
      try expectEqual(Tool.run(["predict", "run", "x.csv", "--out", "no/p.csv"], folder: folder).status, 74)
    }
  }

  @Test func whatIsToBeAnsweredMayComeThroughAPipe() throws {
    try withRun(Self.quantities) { folder, _ in
      // The target is not read where it is what is asked for.
      let lines = Self.quantities.split(separator: "\n").map { line in
        String(line.prefix(through: line.lastIndex(of: ",") ?? line.startIndex))
      }
      let text = "size,color,city,y\n" + lines.dropFirst().map { $0 + "TBD\n" }.joined()
      let known = try Tool.run(["predict", "run", "x.csv", "--samples", "0"], folder: folder)
      let piped = try Tool.run(["predict", "run", "-", "--samples", "0"], folder: folder, input: text)
      expectTrue(piped.status == 0 && piped.output == known.output, "\(piped.error)")
      expectEqual(known.lines.count, 121)
    }
  }

  @Test func predictionsGoWhereTheyAreSent() throws {
    try withRun(Self.quantities) { folder, _ in
      let known = try Tool.run(["predict", "run", "x.csv", "--samples", "0"], folder: folder)
      // A link of our own: the system's would be lost if it were replaced.
      try FileManager.default.createSymbolicLink(atPath: folder + "/out", withDestinationPath: "/proc/self/fd/1")
      let sent = try Tool.run(["predict", "run", "x.csv", "--samples", "0", "--out", "out"], folder: folder)
      expectTrue(sent.status == 0 && sent.output == known.output, "\(sent.error)")
      try expectEqual(FileManager.default.destinationOfSymbolicLink(atPath: folder + "/out"), "/proc/self/fd/1")
    }
  }

  @Test func rowNumbersAreLearnedFromIfSo() throws {
    let text = "t,y\n" + (0..<100).map { "\($0),\($0 * 3).5\n" }.joined()
    try withRun(text) { folder, refused in
      expectTrue(refused.status == 65 && refused.error.contains("say --numeric"), "\(refused.error)")
      let taken = try Tool.run(
        ["train", "x.csv", "--target", "y", "--numeric", "t", "--epochs", "1", "--out", "taken"], folder: folder)
      expectEqual(taken.status, 0, "\(taken.error)")
      let configuration = try String(contentsOfFile: folder + "/taken/config.json", encoding: .utf8)
      expectTrue(configuration.filter { !$0.isWhitespace }.contains("\"numeric\":[\"t\"]"), "\(configuration)")
      let evaluated = try Tool.run(["evaluate", "taken", "x.csv", "--json"], folder: folder)
      try expectTrue(evaluated.json().first?["samples"] as? Int == 15, "\(evaluated.error)")
    }
    let both = "t,z,y\n" + (0..<100).map { "\($0),\($0 % 9),\($0 * 3).5\n" }.joined()
    try withRun(both) { _, result in
      expectTrue(result.error.contains("note: t counts the rows and is left out; to learn from it say --numeric t"))
    }
  }

  @Test func aClassThatNoTrainingRowHasIsNamed() throws {
    let text =
      "x,y,part\n"
      + (0..<60).map {
        "\($0 * $0 % 17),\($0 < 50 ? $0 % 2 == 0 ? "a" : "b" : "rare"),"
          + "\($0 < 40 ? "train" : $0 < 50 ? "validation" : "test")\n"
      }.joined()
    try withRun(text, ["--split-column", "part"]) { _, result in
      expectTrue(result.error.contains("note: no row of the training part is of class 'rare'"), "\(result.error)")
      expectTrue(!result.error.contains("of class 'a'"))
    }
  }

  @Test(arguments: [
    ([], "--target: expected the column of the table to predict, got none; the table has size, color, city, y"),
    (["--target", "Y"], "expected a column 'Y', got none; near it: y"),
    (["--target", "y", "--class-weights", "balanced"], "--class-weights: expected for classes only"),
    (
      ["--target", "y", "--split-column", "color", "--test-share", "0.1"],
      "--test-share: expected without --split-column"
    ),
    (["--target", "y", "--validation-share", "0"], "--validation-share: expected more than 0"),
    (["--target", "y", "--ignore", "size,colour"], "expected a column 'colour', got none; near it: color"),
  ]) func whatCannotBeTrainedIsRefused(options: [String], message: String) throws {
    try Tool.withFolder { folder in
      try Self.quantities.write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8)
      let result = try Tool.run(["train", "x.csv", "--out", "run"] + options, folder: folder)
      expectTrue(result.status == 64 && result.error.contains(message), "\(result.error)")
      expectTrue(!FileManager.default.fileExists(atPath: folder + "/run/model.safetensors"))
    }
  }

  @Test func aRunIsRepeatedFromItsSettings() throws {
    try withRun(Self.classes, ["--ignore", "city", "--categorical", "size", "--test-share", "0.2"]) { folder, _ in
      let again = try Tool.run(["train", "--config", "run/config.json", "--out", "again"], folder: folder)
      expectEqual(again.status, 0, "\(again.error)")
      func weights(_ run: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(run)/model.safetensors"))
      }
      try expectEqual(weights("run"), weights("again"))
    }
  }

  @Test func aColumnMaySplitTheTable() throws {
    var lines = Self.quantities.split(separator: "\n").map(String.init)
    for index in lines.indices.dropFirst() {
      lines[index] += ",\(index < 90 ? "train" : index < 100 ? "validation" : "test")"
    }
    lines[0] += ",part"
    try withRun(lines.joined(separator: "\n"), ["--split-column", "part"]) { _, result in
      expectTrue(result.error.contains("88 training, 10 validation and 21 test samples"), "\(result.error)")
    }
  }

  @Test func theDelimiterMayBeSaid() throws {
    // More bars than semicolons in the first line, so that it suggests the wrong ones.
    let text = Self.quantities.replacing(",", with: ";").replacing("color", with: "a|b|c|d|e")
    try withRun(text, ["--delimiter", "semicolon"]) { folder, result in
      expectEqual(result.status, 0, "\(result.error)")
      let configuration = try String(contentsOfFile: folder + "/run/config.json", encoding: .utf8)
      expectTrue(configuration.contains("\"delimiter\": \"semicolon\""), "\(configuration)")
      let again = try Tool.run(["train", "--config", "run/config.json", "--out", "again"], folder: folder)
      expectEqual(again.status, 0, "\(again.error)")
      let evaluated = try Tool.run(["evaluate", "run", "x.csv", "--json"], folder: folder)
      try expectTrue(evaluated.json().first?["samples"] as? Int == 18, "\(evaluated.error)")
    }
    try withRun(text, ["--delimiter", "comma"]) { _, result in expectEqual(result.status, 64, "\(result.error)") }
  }

  @Test func imagesArePredictedToo() throws {
    try Tool.withFolder { folder in
      let trained = try Tool.run(
        ["train", "--epochs", "1", "--model", "784-8-10", "--out", "run", "--quiet"], folder: folder)
      expectEqual(trained.status, 0)
      let answer = try Tool.run(["predict", "run", "digits", "--samples", "2"], folder: folder)
      expectTrue(answer.text.hasPrefix("row,class,probability,entropy,mutual_information,p_0,p_1"))
      let evaluated = try unwrapped(
        try Tool.run(["evaluate", "run", "digits", "--samples", "0", "--json"], folder: folder).json().first)
      expectTrue(evaluated["samples"] as? Int == answer.lines.count - 1)
      expectTrue(
        trained.text.contains(
          "test accuracy \(String(format: "%.2f", 100 * (evaluated["accuracy"] as? Double ?? 0))) %"))
    }
  }
}
