#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A JSON value that was read.
package enum JSONValue: Decodable, Equatable {
  case null
  case bool(Bool)
  /// A whole number from 0 on, exactly: seeds need all 64 bits.
  case unsigned(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .unsigned(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// Reads JSON text; nil for anything else.
  package init?(_ text: String) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else { return nil }
    self = value
  }

  /// A number of any kind.
  package var double: Double? {
    switch self {
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// A whole number.
  package var int: Int? {
    switch self {
    case .unsigned(let value): Int(exactly: value)
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The value in words, for messages.
  package var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "'\(value.visible)'"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
