import Moult
import MoultTestSupport
import Testing

@Suite struct CSVDatasetTests {
  private static let rows = 50
  private static let inputs = Tensor.randomNormal([rows, 2], seed: 1)
  private static let prices = Tensor.randomNormal([rows, 1], seed: 2)

  /// A table with what makes its rows hard to find: quotes with line breaks in the names, both line breaks, empty
  /// lines.
  private static func text() -> String {
    var text = "\u{FEFF}a,\"price\nin EUR\",digit, b \r\n"
    let x = inputs.scalars(as: Float.self), y = prices.scalars(as: Float.self)
    for row in 0..<rows {
      text += "\(x[2 * row]),\"\(y[row])\",\(row % 7), \(x[2 * row + 1])" + (row % 3 == 0 ? "\r\n\n" : "\n")
    }
    return text
  }

  private static func withTable<R>(_ text: String, _ body: (String) throws -> R) throws -> R {
    try withTemporaryFolder { folder in
      try place(Array(text.utf8), at: folder + "/table.csv")
      return try body(folder + "/table.csv")
    }
  }

  @Test func batchesAreThoseOfTheArraysInMemory() throws {
    try Self.withTable(Self.text()) { path in
      let labels = Tensor((0..<Self.rows).map { Int32($0 % 7) }, shape: [Self.rows])
      for blockSize in [1, 3, 7, 50, 1_000, nil] {
        let classes = try CSVDataset(
          path, inputs: ["a", "b"], classes: "digit", blockSize: blockSize, bufferedBlocks: 2)
        try expectSameBatches(classes, TensorDataset(inputs: Self.inputs, labels: labels))
        let values = try CSVDataset(path, inputs: ["a", "b"], targets: ["price\nin EUR"], blockSize: blockSize)
        try expectSameBatches(values, TensorDataset(inputs: Self.inputs, labels: Self.prices))
      }
      let rest = try CSVDataset(path, targets: ["digit", "a"])
      expectEqual(rest.inputNames, ["price\nin EUR", "b"])
      expectEqual(try rest.batch(at: [8]).labels, Tensor([1, Self.inputs.scalars(as: Float.self)[16]], shape: [1, 2]))
      expectEqual(rest.prefetchedBatches, 8)
      expectEqual(try CSVDataset(path, classes: "digit", blockSize: 4).shuffling, .blocks(of: 4, buffered: 16))
    }
  }

  @Test func trainingFromATableGivesTheWeightsOfTheArrays() throws {
    let points = TrainingFixture.points(60), x = points.inputs.scalars(as: Float.self)
    let text = (0..<60).map { "\(x[4 * $0]),\(x[4 * $0 + 1]),\(x[4 * $0 + 2]),\(x[4 * $0 + 3]),\($0 % 3)\n" }
    try Self.withTable("a,b,c,d,class\n" + text.joined()) { path in
      let data = try CSVDataset(path, classes: "class", blockSize: 7, bufferedBlocks: 3)
      let (model, other) = (TrainingFixture.model(), TrainingFixture.model())
      try TrainingFixture.trainer(model).fit(data, epochs: 3, batchSize: 8)
      try TrainingFixture.trainer(other).fit(
        OwnDataset(base: points, shuffling: data.shuffling), epochs: 3, batchSize: 8)
      expectEqual(TrainingFixture.bits(model), TrainingFixture.bits(other))
    }
  }

  @Test func errorsNameLineAndColumn() throws {
    let tables: [(String, MoultError.Code, String)] = [
      (
        "a,y\n1,2\n3,x\n", .badData, "line 3, column \"y\": expected a class as a whole number from 0 to 999, got \"x\""
      ),
      ("a,y\n1,2\n\n3,2.5\n", .badData, "line 4, column \"y\": expected a class"),
      (
        "a,y\n\"1\",2\r\n,0\r\n", .badData,
        "line 3, column \"a\": expected a number within the range of 32 bits, got \"\""
      ),
      ("a,y\n1,2\n1e39,0\n", .badData, "line 3, column \"a\": expected a number within"),
      ("a,y\n1,2\n3\n", .badData, "line 3: expected 2 fields"),
      ("a,b\n1,2\n", .usage, "expected the name of a column, got \"y\"; the columns are a, b"),
      ("a,y\n", .badData, "expected rows below the line of names, got none"),
    ]
    for (text, code, message) in tables {
      try Self.withTable(text) { path in
        let error = try moultError { _ = try CSVDataset(path, classes: "y", blockSize: 1).batch(at: [1, 0]) }
        expectTrue(error.message.contains(message), "\(error)")
        expectEqual(error.code, code)
        expectEqual(error.location, path)
      }
    }
  }

  @Test func aTableThatWasChangedOrIsCompressedIsRefused() throws {
    try Self.withTable("a,y\n1,2\n3,4\n5,6\n") { path in
      let data = try CSVDataset(path, classes: "y", blockSize: 2)
      _ = try data.batch(at: [1])
      try place(Array("a,y\n1,2\n3,4\n5,6\n7,8\n".utf8), at: path)
      try expectTrue(moultError { _ = try data.batch(at: [2]) }.message.contains("changed since, of 20 bytes"))
      try place(Gzip.compress(Array("a,y\n1,2\n".utf8)), at: path)
      try expectTrue(
        moultError { _ = try CSVDataset(path, classes: "y") }.message.contains("decompress it with gunzip"))
    }
  }
}
