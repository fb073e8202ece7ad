import Foundation
import Moult
import MoultTestSupport
import Testing

/// Data with more rows than go through a network at once, and a small network that was trained on them.
enum ManyRows {
  static let count = 2_300
  static let width = 4

  static let inputs: Tensor = {
    var values: [Float] = []
    for index in 0..<count * width {
      let number = (index * 7_919 + index / 37 * 131) % 997
      values.append(Float(number) / 997 - 0.5)
    }
    return Tensor(values, shape: [count, width])
  }()
  /// Numbers that follow from the inputs, around 50.
  static let numbers: [Double] = {
    var values: [Double] = []
    for (index, row) in inputs.rows.enumerated() {
      let product: Double = 5 * row[1] * row[2]
      values.append(50 + 8 * row[0] - product + 0.4 * sin(Double(index)))
    }
    return values
  }()
  /// Three classes.
  static let labels: [Int] = {
    var values: [Int] = []
    for (index, row) in inputs.rows.enumerated() {
      let label = row[0] > 0.1 ? 2 : row[1] > 0 ? 1 : 0
      values.append(index % 11 == 0 ? index % 3 : label)
    }
    return values
  }()

  /// A table with the inputs as `a`, `b`, `c`, `d` and the target as `y`.
  static func table(_ targets: [String]) -> String {
    let names = ["a", "b", "c", "d"]
    let lines = zip(inputs.rows, targets).map { row, target in
      (row.map { String(Float($0)) } + [target]).joined(separator: ",")
    }
    return (names + ["y"]).joined(separator: ",") + "\n" + lines.joined(separator: "\n") + "\n"
  }

  static let numberTable = table(numbers.map { String($0) })
  static let classTable = table(labels.map { ["low", "middle", "top"][$0] })

  /// Trains on a file and hands out the folder with it and with `run`, and the last line of JSON.
  static func withRun(
    table: String? = nil, arrays: [String: Tensor] = [:], _ options: [String],
    _ body: (_ folder: String, _ last: [String: Any]) throws -> Void
  ) throws {
    try Tool.withFolder { folder in
      if let table { try table.write(toFile: folder + "/x.csv", atomically: false, encoding: .utf8) }
      if !arrays.isEmpty { try NPZ.write(arrays, to: folder + "/x.npz") }
      let result = try Tool.run(
        ["train", table == nil ? "x.npz" : "x.csv", "--json", "--quiet", "--out", "run"] + options, folder: folder)
      try #require(result.status == 0, "\(result.error)")
      try body(folder, try unwrapped(try result.json().last))
    }
  }

  /// The rows of `x.csv` as the model of the run encodes them.
  static func encoded(_ folder: String) throws -> Tensor {
    let encoding = try unwrapped(try TrainedModel(contentsOf: folder + "/run").encoding)
    let reader = try CSVReader(path: folder + "/x.csv"), encoder = try TableEncoder(encoding, reading: reader)
    var values: [Float] = []
    while try reader.next() { try encoder.appendRow(to: &values) }
    return Tensor(values, shape: [reader.rowCount, encoding.inputSize])
  }
}
