import Foundation
import Moult
import MoultTestSupport
import Testing

/// The predictions of the tool, recomputed from the saved model for rows in all batches.
@Suite struct PredictionNumbersTests {
  /// Rows at the edges of batches of a thousand.
  private static let rows = [0, 1, 998, 999, 1_000, 1_001, 1_999, 2_000, 2_299]

  private func lines(_ folder: String, _ options: [String]) throws -> [[String]] {
    let file = FileManager.default.fileExists(atPath: folder + "/x.csv") ? "x.csv" : "x.npz"
    let result = try Tool.run(["predict", "run", file] + options, folder: folder)
    try #require(result.status == 0, "\(result.error)")
    return result.lines.map { $0.split(separator: ",").map(String.init) }
  }

  @Test func everyRowOfARegressionIsThatOfTheModel() throws {
    try ManyRows.withRun(table: ManyRows.numberTable, ["--target", "y", "--epochs", "3", "--no-report"]) { folder, _ in
      let model = try TrainedModel(contentsOf: folder + "/run"), network = try PlainNetwork(model.path)
      let inputs = try ManyRows.encoded(folder), noise = try unwrapped(model.noise)
      let plain = try lines(folder, ["--samples", "0"])
      try #require(plain.count == ManyRows.count + 1)
      for (index, row) in inputs.rows.enumerated() {
        let line = plain[index + 1].compactMap(Double.init)
        let mean = network.outputs(row)[0] * model.target.deviation + model.target.mean
        let deviation = noise.residualVariance.squareRoot() * model.target.deviation
        expectTrue(line[0] == Double(index + 1) && agree(line[1], mean) && agree(line[2], deviation))
      }

      let passes = try lines(folder, ["--samples", "6", "--seed", "3", "--level", "0.5"])
      for row in Self.rows {
        // One row alone, as the library predicts it: its masks are those of its place in the whole table.
        let alone = withSeed(3) {
          model.network.predict(inputs[row..<row + 1], passes: 6, as: .regression, firstSample: row)
        }
        let mean = alone.mean.scalars(as: Double.self)[0] * model.target.deviation + model.target.mean
        let variance = alone.variance.scalars(as: Double.self)[0] + noise.variance
        let deviation = variance.squareRoot() * model.target.deviation
        let line = passes[row + 1].compactMap(Double.init)
        expectTrue(line[0] == Double(row + 1) && agree(line[1], mean) && agree(line[2], deviation), "row \(row)")
        // A normal distribution has half of its values within 0.67449 standard deviations.
        expectTrue(agree(line[3], mean - 0.6744897501960817 * deviation))
        expectTrue(agree(line[4], mean + 0.6744897501960817 * deviation))
      }
      // All rows in one call of the library.
      let means = try model.predict(inputs, passes: 6, seed: 3).compactMap(\.number?.mean)
      expectEqual(means, passes.dropFirst().compactMap { Double($0[1]) })
    }
  }

  @Test(arguments: [true, false]) func everyRowOfAClassificationIsThatOfTheModel(isTable: Bool) throws {
    let arrays = ["x": ManyRows.inputs, "y": Tensor(labels: ManyRows.labels)]
    try ManyRows.withRun(
      table: isTable ? ManyRows.classTable : nil, arrays: isTable ? [:] : arrays,
      (isTable ? ["--target", "y"] : ["--model", "4-16-3"]) + ["--epochs", "3", "--no-report"]
    ) { folder, _ in
      let model = try TrainedModel(contentsOf: folder + "/run"), network = try PlainNetwork(model.path)
      let names = isTable ? ["low", "middle", "top"] : ["0", "1", "2"]
      let inputs = isTable ? try ManyRows.encoded(folder) : ManyRows.inputs
      let plain = try lines(folder, ["--samples", "0"])
      expectEqual(plain[0].suffix(3), names.map { "p_" + $0 }[...])
      try #require(plain.count == ManyRows.count + 1)
      for (index, row) in inputs.rows.enumerated() {
        let expected = network.probabilities(row), line = plain[index + 1]
        let values = line.suffix(3).compactMap(Double.init), best = try unwrapped(Double(line[2]))
        expectTrue(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        expectTrue(best == values.max() && names.firstIndex(of: line[1]) == values.firstIndex(of: best))
        expectTrue(abs((Double(line[3]) ?? -1) + expected.reduce(0) { $0 + $1 * log($1) }) < 1e-4 && line[4] == "0.0")
      }

      let passes = try lines(folder, ["--samples", "6", "--seed", "3"])
      for row in Self.rows {
        let alone = withSeed(3) {
          model.network.predict(inputs[row..<row + 1], passes: 6, as: .classification, firstSample: row)
        }
        let line = passes[row + 1]
        expectTrue(zip(line.suffix(3), alone.mean.scalars(as: Double.self)).allSatisfy { agree(Double($0), $1) })
        expectTrue(agree(Double(line[3]), alone.entropy.scalars(as: Double.self)[0]))
        expectTrue(agree(Double(line[4]), alone.mutualInformation.scalars(as: Double.self)[0], within: 1e-4))
      }
    }
  }
}
