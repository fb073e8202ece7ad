import MoultCore
import MoultFormats
import MoultNN

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension TableEncoding {
  private static let schemaNumber = 1

  /// The encoding as JSON on one line, the inverse of ``decode(_:location:)``.
  public var json: String {
    let target: JSONOutput =
      target.task == .classification
      ? ["name": .string(targetName), "classes": .array(target.classNames.map { .string($0) })]
      : ["name": .string(targetName), "mean": .number(target.mean), "deviation": .number(target.deviation)]
    let object: JSONOutput = [
      "schema": .integer(Self.schemaNumber), "target": target, "columns": .array(columns.map(\.json)),
    ]
    return object.line
  }

  /// Creates an encoding from the text of ``json``.
  ///
  /// - Parameters:
  ///   - text: The JSON text.
  ///   - location: The file that the text comes from, for messages.
  /// - Throws: `.badData` with the expected values if the text is not a valid encoding.
  public static func decode(_ text: String, location: String) throws(MoultError) -> TableEncoding {
    let content: Content
    do {
      content = try JSONDecoder().decode(Content.self, from: Data(text.utf8))
    } catch {
      throw MoultError(
        .badData, "expected a table's encoding with schema, target and columns, got something else",
        location: location, cause: decodingProblem(error))
    }
    func problem(_ message: String) -> MoultError {
      MoultError(.badData, "encoding: \(message)", location: location)
    }
    guard content.schema == schemaNumber else {
      throw problem("expected schema \(schemaNumber), got \(content.schema); it is of another version of Moult")
    }
    let target: PredictionTarget
    switch (content.target.classes, content.target.mean, content.target.deviation) {
    case (let names?, nil, nil) where (2...greatestClassCount).contains(names.count) && areDistinct(names):
      target = PredictionTarget(classes: names, name: content.target.name)
    case (nil, let mean?, let deviation?) where mean.isFinite && deviation.isFinite && deviation > 0:
      target = PredictionTarget(number: content.target.name, mean: mean, deviation: deviation)
    default:
      throw problem("target: expected either classes that differ, or a mean and a positive deviation")
    }
    var columns: [ColumnEncoding] = []
    for column in content.columns {
      guard let encoding = column.encoding else {
        throw problem(
          "column '\(column.name)': expected a number with mean and positive deviation, or one-hot or embedded with "
            + "values that differ")
      }
      columns.append(encoding)
    }
    guard !columns.isEmpty, areDistinct(columns.map(\.name) + [content.target.name]) else {
      throw problem("expected columns with names that differ from each other's and the target's")
    }
    return TableEncoding(target: target, columns: columns)
  }

  private static func areDistinct(_ names: [String]) -> Bool { Set(names).count == names.count }

  private static func decodingProblem(_ error: any Error) -> String? {
    switch error {
    case DecodingError.keyNotFound(let key, _): "no \(key.stringValue)"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      context.codingPath.map(\.stringValue).joined(separator: ".") + " is of another type"
    default: nil
    }
  }

  private struct Content: Decodable {
    let schema: Int
    let target: TargetContent
    let columns: [ColumnContent]
  }

  private struct TargetContent: Decodable {
    let name: String
    let classes: [String]?
    let mean, deviation: Double?
  }

  private struct ColumnContent: Decodable {
    let name, way: String
    let marksMissing: Bool
    let mean, deviation: Double?
    let values: [String]?
    let sharesRare: Bool?

    enum CodingKeys: String, CodingKey {
      case name, mean, deviation, values
      case way = "encoding"
      case marksMissing = "marks_missing"
      case sharesRare = "shares_rare"
    }

    /// The encoding; nil unless exactly the members that its kind needs are present and valid.
    var encoding: ColumnEncoding? {
      let form: ColumnEncoding.Form
      switch (way, mean, deviation, values, sharesRare) {
      case ("number", let mean?, let deviation?, nil, nil) where mean.isFinite && deviation.isFinite && deviation > 0:
        form = .number(mean: mean, deviation: deviation)
      case ("one-hot", nil, nil, let values?, nil)
      where (1...oneHotLimit).contains(values.count) && areDistinct(values):
        form = .oneHot(values)
      case ("embedded", nil, nil, let values?, let sharesRare?)
      where values.count <= vocabularyLimit && areDistinct(values):
        form = .embedded(values, sharesRare: sharesRare)
      default: return nil
      }
      return ColumnEncoding(name: name, form: form, marksMissing: marksMissing)
    }
  }
}

extension ColumnEncoding {
  fileprivate var json: JSONOutput {
    let values: (_ names: [String]) -> JSONOutput = { .array($0.map { .string($0) }) }
    return switch form {
    case .number(let mean, let deviation):
      [
        "name": .string(name), "encoding": "number", "mean": .number(mean), "deviation": .number(deviation),
        "marks_missing": .bool(marksMissing),
      ]
    case .oneHot(let names):
      [
        "name": .string(name), "encoding": "one-hot", "values": values(names), "marks_missing": .bool(marksMissing),
      ]
    case .embedded(let names, let sharesRare):
      [
        "name": .string(name), "encoding": "embedded", "values": values(names), "shares_rare": .bool(sharesRare),
        "marks_missing": .bool(marksMissing),
      ]
    }
  }
}
