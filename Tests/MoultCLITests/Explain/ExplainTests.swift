import Foundation
import Moult
import MoultDigits
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
    #expect(all.map { $0["chapter"] as? Int } == [1, 2, 3, 4, 5, 6])
    #expect(all.map { $0["name"] as? String } == ["mask", "modes", "scaling", "gap", "features", "doubt"])
    #expect(all.allSatisfy { $0["schema"] as? Int == 1 && $0["event"] as? String == "chapter" })
  }

  @Test func theMasksAreThoseOfTheLaw() throws {
    let rows = try #require(try figures(1)["rows"] as? [[String: String]]).compactMap { $0["mask"] }
    func mask(seed: UInt64 = 0, step: UInt32 = 0, sample: UInt32 = 0, units: Int = 48) -> String {
      let bits = dropMaskBits(
        seed: seed, layer: 0, call: 0, domain: .training, step: step, rate: 0.5, sample: sample, rows: 1, units: units)
      return String(bits[0].map { $0 ? "0" : "1" })
    }
    #expect(rows == [mask(), mask(), mask(step: 1), mask(sample: 1), mask(seed: 1)])
    let passes = try #require(try figures(2)["passes"] as? [[String: Any]]).compactMap { $0["mask"] as? String }
    #expect(passes == [mask(units: 256), mask(step: 1, units: 256), String(repeating: "1", count: 256)])
    let command = try #require(try figures(1)["command"] as? String).split(separator: " ").dropFirst().map(String.init)
    #expect(try Tool.run(command).lines == [rows[0]])
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
    let x = digits.test.batch(at: [try #require(chapter["validation_index"] as? Int)]).inputs
    let outputs = try #require(chapter["passes"] as? [[String: Any]]).compactMap { $0["outputs"] as? [Double] }
    let expected = withSeed(0) {
      withGradients(false) {
        [0, 1].map { step in withStep(step) { softmax(model(x)).scalars(as: Double.self) } }
          + [model.evaluating { softmax(model(x)).scalars(as: Double.self) }]
      }
    }
    #expect(outputs.count == expected.count)
    for (found, wanted) in zip(outputs.joined(), expected.joined()) { #expect(abs(found - wanted) < 1e-9) }
    #expect(chapter["evaluation_repeats"] as? Bool == true)
    let history = try #require(try figures(4)["with"] as? [[String: Double]])
    let evaluation = model.evaluate(on: digits.test.prefix(40)) { crossEntropy($0, $1) }
    #expect(history.count == 1)
    #expect(abs(try #require(history.first?["validation_loss"]) - evaluation.loss) < 1e-9)
  }

  @Test func dividingKeepsTheMeanAndLeavingItOutDoesNot() throws {
    let chapter = try figures(3)
    let undropped = try #require(chapter["undropped"] as? Double)
    let rates = try #require(chapter["rates"] as? [[String: Any]])
    #expect(rates.count == 4)
    for row in rates {
      let rate = try #require(row["rate"] as? Double)
      let scaled = try #require(row["scaled"] as? [String: Double])
      let unscaled = try #require(row["unscaled"] as? [String: Double])
      let (mean, error) = (try #require(scaled["mean"]), try #require(scaled["standard_error"]))
      #expect(abs(mean - undropped) <= 4 * error, "rate \(rate)")
      let (low, lowError) = (try #require(unscaled["mean"]), try #require(unscaled["standard_error"]))
      if rate >= 0.25 { #expect(abs(low - undropped) > 4 * lowError, "rate \(rate)") }
      #expect(abs(low - (1 - rate) * mean) < 1e-6)
    }
  }

  @Test func theGapIsTheDifferenceOfTheLastLosses() throws {
    let chapter = try figures(4)
    for (curve, gap) in [("without", "gap_without"), ("with", "gap_with")] {
      let last = try #require((chapter[curve] as? [[String: Double]])?.last)
      let difference = try #require(last["validation_loss"]) - (try #require(last["train_loss"]))
      #expect(abs(try #require(chapter[gap] as? Double) - difference) < 1e-9)
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
    #expect(text.contains(expected), "\(text.suffix(400))")
  }

  @Test func whatIsSaidOfAUnitHoldsForEveryRate() throws {
    for rate in ["0.5", "0.9"] {
      let text = try Tool.run(["explain", "--chapter", "1", "--dropout", rate]).lines.joined(separator: " ")
      #expect(text.contains("as chance would have it.") || text.contains("which is rare by chance."))
      #expect(!text.contains("fair coin"))
    }
  }

  @Test func aPipeGetsScreensOfPlainText() throws {
    let result = try Self.text.get()
    #expect(result.status == 0)
    #expect(!result.output.contains(0x1B))
    let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 })
    let starts = lines.indices.filter { lines[$0].hasSuffix("  seed 0") }
    #expect(starts.count == 6)
    for (start, end) in zip(starts, starts.dropFirst() + [lines.count]) {
      #expect(end - start <= 24, "\(lines[start]) has \(end - start - 1) lines and a blank one")
    }
  }

  @Test func withoutUnicodeTheTextIsASCII() throws {
    let result = try Tool.run(Self.tiny, environment: ["LANG": "C"])
    #expect(result.output.allSatisfy { $0 < 0x80 })
    #expect(result.text.contains("|o"))
  }

  @Test func theSeedDecidesEveryByte() throws {
    func chapter(_ seed: Int) throws -> String {
      try Tool.run(["explain", "--chapter", "1", "--json", "--seed", "\(seed)"]).text
    }
    #expect(try chapter(0) == chapter(0))
    #expect(try chapter(0) != chapter(1))
    let again = try Tool.run(Self.tiny + ["--all", "--quiet"])
    #expect(try again.output == Self.text.get().output)
    #expect(again.error.isEmpty)
  }

  @Test func theLastChapterNamesCommandsThatRun() throws {
    let text = try Self.text.get().lines.joined(separator: " ")
    let start = try #require(text.range(of: "Try next: ")).upperBound
    let commands = text[start...].split(separator: ";").map { $0.split(separator: " ").map(String.init) }
    #expect(commands.count >= 2)
    for command in commands {
      #expect(command.first == "moult")
      #expect(try Tool.run(Array(command.dropFirst()) + ["--help"]).status == 0, "\(command)")
    }
  }
}
