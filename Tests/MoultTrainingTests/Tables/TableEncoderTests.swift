import MoultCore
import Testing

import MoultModels
import MoultTraining
import MoultTestSupport

@Suite struct TableEncoderTests {
  private let encoding = TableEncoding(
    target: PredictionTarget(classes: ["no", "yes"], name: "y"),
    columns: [
      ColumnEncoding(name: "size", form: .number(mean: 2, deviation: 4), marksMissing: false),
      ColumnEncoding(name: "color", form: .oneHot(["blue", "red"]), marksMissing: false),
      ColumnEncoding(name: "city", form: .embedded(["Bonn", "Rome"], sharesRare: false), marksMissing: true),
    ])

  private func encode(_ text: String) throws -> (rows: [[Float]], encoder: TableEncoder, targets: [String?]) {
    let reader = try CSVReader(Array(text.utf8), location: "x")
    let encoder = try TableEncoder(encoding, reading: reader)
    var rows: [[Float]] = [], targets: [String?] = []
    while try reader.next() {
      var row: [Float] = []
      try encoder.appendRow(to: &row)
      rows.append(row)
      targets.append(encoder.targetText)
    }
    return (rows, encoder, targets)
  }

  @Test func columnsAreFoundByNameInAnyOrder() throws {
    let (rows, encoder, targets) = try encode("city,more,y,color,size\nRome,1,yes,red,6\nBonn,2,,blue,2\n")
    expectEqual(rows, [[1, 0, 1, 2], [0, 1, 0, 1]])
    expectTrue(targets == ["yes", nil] && encoder.extraNames == ["more"])
  }

  @Test func whatIsUnknownIsCounted() throws {
    let (rows, encoder, targets) = try encode("size,color,city\nNA,pink,Oslo\n2,?,NA\n2,red,Rome\n")
    expectEqual(rows, [[0, 0, 0, 0], [0, 0, 0, 3], [0, 0, 1, 2]])
    expectTrue(encoder.unknownCounts == [0, 1, 1] && encoder.unexpectedMissingCounts == [1, 1, 0])
    expectEqual(targets, [nil, nil, nil])
  }

  @Test func anotherSpellingOfANumberIsTheSameValue() throws {
    func indices(_ names: [String], _ texts: [String]) throws -> [Int?] {
      let encoding = TableEncoding(target: PredictionTarget(classes: names, name: "y"), columns: [])
      let encoder = try TableEncoder(encoding, reading: CSVReader(Array("y\n1\n".utf8), location: "x"))
      return texts.map(encoder.classIndex)
    }
    try expectEqual(indices(["1", "2"], ["1", "2.0", "+1", "2e0", "1.5", "one"]), [0, 1, 0, 1, nil, nil])
    // Codes are names, and so are numbers among texts.
    try expectEqual(indices(["00501", "501"], ["00501", "501", "501.0"]), [0, 1, nil])
    try expectEqual(indices(["1", "x"], ["1", "1.0"]), [0, nil])
  }

  @Test func missingColumnsAreNamedWithWhatMayHaveBeenMeant() throws {
    let error = try moultError { _ = try encode("Size,color\n1,red\n") }
    expectEqual(
      error.description,
      "x: expected the columns that the model was trained on, got none called size, city; near it: Size; "
        + "the table has Size, color")
  }

  @Test func aTextInThePlaceOfANumberIsRefusedWithItsLine() throws {
    let error = try moultError { _ = try encode("size,color,city\n1,red,Rome\nbig,red,Rome\n") }
    expectEqual(error.description, "x: line 3: size: expected a finite number, got 'big'; mend it, or leave it empty")
    let huge = try moultError { _ = try encode("size,color,city\n1e60,red,Rome\n") }
    expectTrue(huge.description.contains("line 2: size: expected a number of the column's scale"))
    let far = try moultError { _ = try encode("size,color,city\n4000002,red,Rome\n4000006,red,Rome\n") }
    expectTrue(
      far.description.contains(
        "line 3: size: expected a number of the column's scale (mean 2.0, standard deviation 4.0), got 4000006.0"))
  }

  @Test func classesHaveTheirNumbers() throws {
    let encoder = try encode("size,color,city\n2,red,Rome\n").encoder
    expectEqual(["no", "yes", "maybe"].map(encoder.classIndex), [0, 1, nil])
  }
}
