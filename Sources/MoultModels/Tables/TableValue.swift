import MoultFormats

/// The value of a table cell in memory: a number, a text, or a missing value.
///
/// ```swift
/// let row: [String: TableValue] = ["size": 84, "kind": "flat", "year": .missing]
/// ```
///
/// It is decoded from a JSON number, string, `true` or `false` (the texts `true` and `false`), or `null` (missing).
public enum TableValue: Sendable, Hashable {
  /// A number. In a column of categories it is the category with that number as its text.
  case number(Double)
  /// A text. In a column of numbers it must be a number; an empty text, or one of ``CSVReader/missingWords``, is a
  /// missing value. Spaces and tabs around it do not count.
  case text(String)
  /// A missing value.
  case missing

  /// The value as a text, as it would stand in a table file, without spaces around it; empty for a missing value.
  var fieldText: String {
    switch self {
    case .number(let number): Int64(exactly: number).map(String.init) ?? "\(number)"
    case .text(var text): text.withUTF8 { String(decoding: $0.trimmed, as: UTF8.self) }
    case .missing: ""
    }
  }

  /// Whether the value counts as missing in a table.
  var isMissing: Bool {
    switch self {
    case .number: return false
    case .text(var text): return text.withUTF8 { isMissingWord($0.trimmed) }
    case .missing: return true
    }
  }

  /// The value as a finite number; nil if it is not one.
  var finiteNumber: Double? {
    switch self {
    case .number(let number): return number.isFinite ? number : nil
    case .text(var text): return text.withUTF8 { decimalNumber($0.trimmed) }
    case .missing: return nil
    }
  }
}

extension TableValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral {
  /// Creates a number.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// Creates a number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Creates a text.
  public init(stringLiteral value: String) { self = .text(value) }
}

extension TableValue: Decodable {
  /// Decodes a number, a text, a truth value or null.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .missing
    } else if let isTrue = try? container.decode(Bool.self) {
      self = .text(isTrue ? "true" : "false")
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a number, a text, true, false or null")
    }
  }
}
