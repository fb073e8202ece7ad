import Foundation
import MoultTraining
import MoultTestSupport
import Testing

/// Against what pandas reads of the same bytes: see `Scripts/reference/make_csv_cases.py`.
@Suite struct CSVReferenceTests {
  private struct File: Decodable {
    let cases: [Case]
  }
  private struct Case: Decodable {
    let text, delimiter: String
    let names: [String]
    let rows: [[String]]
    let numbers: [Double]
  }

  @Test func tablesAreReadAsPandasReadsThem() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: reference("csv_cases.json")))
    let cases = try JSONDecoder().decode(File.self, from: data).cases
    expectEqual(cases.count, 100)
    for (index, example) in cases.enumerated() {
      let reader = try CSVReader(
        Array(example.text.utf8), location: "case \(index)", delimiter: CSVDelimiter(rawValue: example.delimiter))
      expectEqual(reader.names, example.names, "case \(index)")
      var rows: [[String]] = [], numbers: [Double] = []
      while try reader.next() {
        rows.append(reader.names.indices.map { reader.text(at: $0) })
        numbers.append(reader.number(at: reader.names.count - 1) ?? .nan)
      }
      expectTrue(rows == example.rows && numbers == example.numbers, "case \(index)")
    }
  }
}
