import Foundation
import Moult
import MoultDigits
import MoultTestSupport
import Testing

/// The walk in a pipe: its figures and its text.
@Suite struct ExplainTests {
  /// A walk over so few digits that it takes no time.
  static let tiny = ["explain", "--images", "20", "--epochs", "1"]
  /// Its figures, chapter by chapter.
  private static let answer = Result { try Tool.run(tiny + ["--json", "--quiet"]) }
  /// Its text.
  private static let text = Result { try Tool.run(tiny) }

  private func figures(_ chapter: Int) throws -> [String: Any] { try Self.answer.get().json()[chapter - 1] }

  @Test func everyChapterIsALineOfJSON() throws {
    let all = try Self.answer.get().json()
    expectEqual(all.map { $0["chapter"] as? Int }, [1, 2, 3, 4, 5, 6])
    expectEqual(all.map { $0["name"] as? String }, ["mask", "modes", "scaling", "gap", "features", "doubt"])
    expectTrue(all.allSatisfy { $0["schema"] as? Int == 1 && $0["event"] as? String == "chapter" })
  }

  @Test func theMasksAreThoseOfTheLaw() throws {
    let rows = try unwrapped(try figures(1)["rows"] as? [[String: String]]).compactMap { $0["mask"] }
    func mask(seed: UInt64 = 0, step: UInt32 = 0, sample: UInt32 = 0, units: Int = 48) -> String {
      let bits = dropMaskBits(
        seed: seed, layer: 0, call: 0, domain: .training, step: step, rate: 0.5, sample: sample, rows: 1, units: units)
      return String(bits[0].map { $0 ? "0" : "1" })
    }
    expectEqual(rows, [mask(), mask(), mask(step: 1), mask(sample: 1), mask(seed: 1)])
    let passes = try unwrapped(try figures(2)["passes"] as? [[String: Any]]).compactMap { $0["mask"] as? String }
    expectEqual(passes, [mask(units: 256), mask(step: 1, units: 256), String(repeating: "1", count: 256)])
    let command = try unwrapped(try figures(1)["command"] as? String).split(separator: " ").dropFirst().map(String.init)
    try expectEqual(Tool.run(command).lines, [rows[0]])
  }

  /// A network made by hand from the same recipe gives the same probabilities.
  @Test func theOutputsAreThoseOfTheNetwork() throws {
    let digits = try BundledDigits.load()
    let model = withSeed(0) {
      Sequential(
        Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 256), ReLU(), Dropout(0.5), Linear(256, 10))
    }
    let trainer = Trainer(
      model, optimizer: SGD(model.parameters(), learningRate: 0.05, momentum: 0.9), loss: { crossEntropy($0, $1) },
      seed: 0)
    try trainer.fit(digits.train.prefix(20), epochs: 1, batchSize: 20)
    let chapter = try figures(2)
    let x = digits.test.batch(at: [try unwrapped(chapter["validation_index"] as? Int)]).inputs
    let outputs = try unwrapped(chapter["passes"] as? [[String: Any]]).compactMap { $0["outputs"] as? [Double] }
    let expected = withSeed(0) {
      withGradients(false) {
        [0, 1].map { step in withStep(step) { softmax(model(x)).scalars(as: Double.self) } }
          + [model.evaluating { softmax(model(x)).scalars(as: Double.self) }]
      }
    }
    expectEqual(outputs.count, expected.count)
    for (found, wanted) in zip(outputs.joined(), expected.joined()) { expectLess(abs(found - wanted), 1e-9) }
    expectTrue(chapter["evaluation_repeats"] as? Bool == true)
    let history = try unwrapped(try figures(4)["with"] as? [[String: Double]])
    let evaluation = model.evaluate(on: digits.test.prefix(40)) { crossEntropy($0, $1) }
    expectEqual(history.count, 1)
    expectLess(abs(try unwrapped(history.first?["validation_loss"]) - evaluation.loss), 1e-9)
  }

  @Test func dividingKeepsTheMeanAndLeavingItOutDoesNot() throws {
    let chapter = try figures(3)
    let undropped = try unwrapped(chapter["undropped"] as? Double)
    let rates = try unwrapped(chapter["rates"] as? [[String: Any]])
    expectEqual(rates.count, 4)
    for row in rates {
      let rate = try unwrapped(row["rate"] as? Double)
      let scaled = try unwrapped(row["scaled"] as? [String: Double])
      let unscaled = try unwrapped(row["unscaled"] as? [String: Double])
      let (mean, error) = (try unwrapped(scaled["mean"]), try unwrapped(scaled["standard_error"]))
      expectAtMost(abs(mean - undropped), 4 * error, "rate \(rate)")
      let (low, lowError) = (try unwrapped(unscaled["mean"]), try unwrapped(unscaled["standard_error"]))
      if rate >= 0.25 { expectGreater(abs(low - undropped), 4 * lowError, "rate \(rate)") }
      expectLess(abs(low - (1 - rate) * mean), 1e-6)
    }
  }

  @Test func theGapIsTheDifferenceOfTheLastLosses() throws {
    let chapter = try figures(4)
    for (curve, gap) in [("without", "gap_without"), ("with", "gap_with")] {
      let last = try unwrapped((chapter[curve] as? [[String: Double]])?.last)
      let difference = try unwrapped(last["validation_loss"]) - (try unwrapped(last["train_loss"]))
      expectLess(abs(try unwrapped(chapter[gap] as? Double) - difference), 1e-9)
    }
  }

  /// With so great a rate a network can do better on digits that it never saw.
  @Test(arguments: [
    ("0.5", "1", "3", "The gap is about the same with and without ("),
    ("0.9", "6", "3", "times smaller with dropout ("),
    ("0.98", "3", "0", "times greater with dropout ("), ("0.98", "6", "0", "There is no gap with dropout ("),
  ])
  func whatIsSaidOfTheGapIsTrue(rate: String, epochs: String, seed: String, expected: String) throws {
    let text = try Tool.run([
      "explain", "--chapter", "4", "--images", "20", "--epochs", epochs, "--dropout", rate, "--seed", seed, "--quiet",
    ]).lines.joined(separator: " ")
    expectTrue(text.contains(expected), "\(text.suffix(400))")
  }

  @Test func whatIsSaidOfAUnitHoldsForEveryRate() throws {
    for rate in ["0.5", "0.9"] {
      let text = try Tool.run(["explain", "--chapter", "1", "--dropout", rate]).lines.joined(separator: " ")
      expectTrue(text.contains("as chance would have it.") || text.contains("which is rare by chance."))
      expectTrue(!text.contains("fair coin"))
    }
  }

  @Test func aPipeGetsScreensOfPlainText() throws {
    let result = try Self.text.get()
    expectEqual(result.status, 0)
    expectTrue(!result.output.contains(0x1B))
    let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)
    expectTrue(lines.allSatisfy { $0.count <= 80 })
    let starts = lines.indices.filter { lines[$0].hasSuffix("  seed 0") }
    expectEqual(starts.count, 6)
    for (start, end) in zip(starts, starts.dropFirst() + [lines.count]) {
      expectAtMost(end - start, 24, "\(lines[start]) has \(end - start - 1) lines and a blank one")
    }
  }

  @Test func withoutUnicodeTheTextIsASCII() throws {
    let result = try Tool.run(Self.tiny, environment: ["LANG": "C"])
    expectTrue(result.output.allSatisfy { $0 < 0x80 })
    expectTrue(result.text.contains("|o"))
  }

  @Test func theSeedDecidesEveryByte() throws {
    func chapter(_ seed: Int) throws -> String {
      try Tool.run(["explain", "--chapter", "1", "--json", "--seed", "\(seed)"]).text
    }
    try expectEqual(chapter(0), chapter(0))
    try expectNotEqual(chapter(0), chapter(1))
    let again = try Tool.run(Self.tiny + ["--all", "--quiet"])
    try expectEqual(again.output, Self.text.get().output)
    expectTrue(again.error.isEmpty)
  }

  @Test func theLastChapterNamesCommandsThatRun() throws {
    let text = try Self.text.get().lines.joined(separator: " ")
    let start = try unwrapped(text.range(of: "Try next: ")).upperBound
    let commands = text[start...].split(separator: ";").map { $0.split(separator: " ").map(String.init) }
    expectAtLeast(commands.count, 2)
    for command in commands {
      expectEqual(command.first, "moult")
      try expectEqual(Tool.run(Array(command.dropFirst()) + ["--help"]).status, 0, "\(command)")
    }
  }
}
