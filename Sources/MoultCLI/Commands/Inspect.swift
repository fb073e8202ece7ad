import ArgumentParser
import Moult

/// The command `moult inspect`: shows the tensors in a model file.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the tensors of a safetensors file: names, shapes, sizes, statistics.",
    discussion: """
      The file is checked strictly first; a damaged one ends with exit code 65 and the reason. NaN and infinite \
      values are counted apart, minimum, maximum and mean are those of the finite ones.

        moult inspect runs/first
        moult inspect model.safetensors --json
      """)

  @Argument(help: ArgumentHelp("A .safetensors file, or a run folder.", valueName: "file"), completion: .file())
  var path: String

  private var file: String { TrainedModel.file(in: path) }

  @OptionGroup var common: CommonOptions

  func run() throws {
    common.apply()
    let header = try SafeTensors.readHeader(file)
    // Statistics need tensors. If the file has an element type without a tensor type, only its table is shown.
    let isReadable = header.entries.allSatisfy { $0.dtype.tensorDType != nil }
    let tensors = isReadable ? try SafeTensors.read(file).tensors : [:]
    let rows = header.entries.sorted { $0.name < $1.name }.map { entry in
      Row(entry: entry, statistics: tensors[entry.name].map { TensorStatistics($0) })
    }
    if common.json { try printJSON(rows, header) } else { try printTable(rows, header) }
  }

  /// One tensor of the file.
  private struct Row {
    let entry: SafeTensorsHeader.Entry
    let statistics: TensorStatistics?

    var count: Int { entry.shape.reduce(1, *) }
    var byteCount: Int { entry.end - entry.begin }
  }

  private func printTable(_ rows: [Row], _ header: SafeTensorsHeader) throws {
    var table = TextTable(
      header: ["tensor", "type", "shape", "parameters", "min", "max", "mean", "NaN", "inf"],
      rightAligned: [3, 4, 5, 6, 7, 8])
    for row in rows {
      let statistics = row.statistics
      func text(_ value: Double?) -> String { value.map(NumberFormat.significant) ?? "-" }
      table.add([
        row.entry.name.visible, row.entry.dtype.rawValue, "\(row.entry.shape)", NumberFormat.grouped(row.count),
        text(statistics?.minimum), text(statistics?.maximum), text(statistics?.mean),
        statistics.map { String($0.nanCount) } ?? "-", statistics.map { String($0.infiniteCount) } ?? "-",
      ])
    }
    for line in table.lines { try Console.result(line) }
    let (count, bytes) = Self.totals(rows)
    try Console.result(
      "\(rows.count) tensors, \(NumberFormat.grouped(count)) parameters, \(NumberFormat.grouped(bytes)) bytes")
    for (key, value) in header.metadata.sorted(by: { $0.key < $1.key }) {
      try Console.result("\(key.visible): \(value.visible)")
    }
  }

  private func printJSON(_ rows: [Row], _ header: SafeTensorsHeader) throws {
    for row in rows {
      let statistics = row.statistics
      try Console.result(
        [
          "schema": 1, "event": "tensor", "name": .string(row.entry.name), "dtype": .string(row.entry.dtype.rawValue),
          "shape": .array(row.entry.shape.map { .integer($0) }), "parameters": .integer(row.count),
          "min": .optional(statistics?.minimum), "max": .optional(statistics?.maximum),
          "mean": .optional(statistics?.mean), "nan": statistics.map { .integer($0.nanCount) } ?? .null,
          "infinite": statistics.map { .integer($0.infiniteCount) } ?? .null,
        ])
    }
    let (count, bytes) = Self.totals(rows)
    let metadata = header.metadata.sorted { $0.key < $1.key }
      .map { JSONOutput.Member(key: $0.key, value: .string($0.value)) }
    try Console.result(
      [
        "schema": 1, "event": "file", "path": .string(file), "tensors": .integer(rows.count),
        "parameters": .integer(count), "bytes": .integer(bytes), "metadata": .object(metadata),
      ])
  }

  private static func totals(_ rows: [Row]) -> (count: Int, bytes: Int) {
    (rows.reduce(0) { $0 + $1.count }, rows.reduce(0) { $0 + $1.byteCount })
  }
}

/// The minimum, maximum and mean of a tensor, and the counts of NaN and infinite values.
struct TensorStatistics: Equatable {
  /// The minimum, maximum and mean of the finite values; `nil` if there are none.
  private(set) var minimum, maximum, mean: Double?
  private(set) var nanCount = 0
  private(set) var infiniteCount = 0

  init(_ tensor: Tensor) {
    var runningMean = 0.0
    var finiteCount = 0.0
    for value in tensor.scalars(as: Double.self) {
      guard value.isFinite else {
        if value.isNaN { nanCount += 1 } else { infiniteCount += 1 }
        continue
      }
      minimum = Swift.min(minimum ?? value, value)
      maximum = Swift.max(maximum ?? value, value)
      finiteCount += 1
      // The sum or difference of very large numbers would overflow; these quotients do not.
      runningMean += value / finiteCount - runningMean / finiteCount
    }
    if finiteCount > 0 { mean = runningMean }
  }
}
