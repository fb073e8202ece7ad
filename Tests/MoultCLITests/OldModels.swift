import Moult
import MoultTestSupport

/// The models of Tests/Reference/runs-6e33e26, which an older tool left, with the table that two of them were trained
/// on.
enum OldModels {
  static let table = ReferenceFiles.path("../../Examples/data/penguins.csv")

  static func load(_ name: String) throws -> TrainedModel {
    try TrainedModel(contentsOf: ReferenceFiles.path("runs-6e33e26/" + name))
  }

  /// The first rows of the table, with numbers where columns have them.
  static func rows(_ count: Int) throws -> [[String: TableValue]] {
    let reader = try CSVReader(path: table)
    var rows: [[String: TableValue]] = []
    while rows.count < count, try reader.next() {
      rows.append(
        Dictionary(
          uniqueKeysWithValues: reader.names.indices.map { column in
            let number = reader.number(at: column).map(TableValue.number)
            return (reader.names[column], number ?? .text(reader.text(at: column)))
          }))
    }
    return rows
  }

  /// The numbers of each row that the old tool printed.
  static func predictions(_ name: String, passes: Int) throws -> [[Double]] {
    let reader = try CSVReader(path: ReferenceFiles.path("runs-6e33e26/\(name)/predictions-\(passes).csv"))
    var lines: [[Double]] = []
    while try reader.next() { lines.append(reader.names.indices.dropFirst().compactMap { reader.number(at: $0) }) }
    return lines
  }
}
