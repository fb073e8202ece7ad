import MoultCore

/// A parsed JSON value.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A non-negative integer, stored exactly, because seeds need all 64 bits.
  case unsigned(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Parses JSON text; nil if it is invalid.
  package init?(_ text: String) {
    let bytes = Array(text.utf8), mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var scanner = JSONScanner(
      bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes, format: "JSON", location: "")
    guard let value = try? scanner.value(depth: 0), scanner.next == nil else { return nil }
    self = value
  }

  /// The value as a `Double`; nil if it is not a number.
  package var double: Double? {
    switch self {
    case .unsigned(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value as an `Int`; nil if it is not an integer in the range of `Int`.
  package var int: Int? {
    switch self {
    case .unsigned(let value): Int(exactly: value)
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// A short description of the value, for messages.
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

extension JSONScanner {
  /// The largest nesting depth. Deeper input is refused, because it could overflow the stack.
  private static let greatestDepth = 500

  /// Consumes a value of any kind.
  fileprivate mutating func value(depth: Int) throws(MoultError) -> JSONValue {
    guard depth < Self.greatestDepth else { throw failure("expected fewer lists within each other") }
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    default: break
    }
    for (word, value) in [("null", JSONValue.null), ("true", .bool(true)), ("false", .bool(false))] {
      if bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
    }
    return try number()
  }

  private mutating func object(depth: Int) throws(MoultError) -> JSONValue {
    try expect("{")
    var members: [String: JSONValue] = [:]
    if skip("}") { return .object(members) }
    repeat {
      let name = try string()
      try expect(":")
      members[name] = try value(depth: depth + 1)
    } while skip(",")
    try expect("}")
    return .object(members)
  }

  private mutating func array(depth: Int) throws(MoultError) -> JSONValue {
    try expect("[")
    var values: [JSONValue] = []
    if skip("]") { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while skip(",")
    try expect("]")
    return .array(values)
  }

  /// Consumes a number. A non-negative integer stays exact.
  ///
  /// The rest of an invalid number, such as the 1 of `01`, is found by the caller, which expects a separator.
  private mutating func number() throws(MoultError) -> JSONValue {
    let start = position
    _ = take("-")
    var isWellFormed = take("0") || takeDigits()
    if take(".") { isWellFormed = takeDigits() && isWellFormed }
    if take("eE") {
      _ = take("+-")
      isWellFormed = takeDigits() && isWellFormed
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard isWellFormed, let number = Double(text), number.isFinite else {
      position = start
      throw failure("expected a value")
    }
    return (UInt64(text) ?? UInt64(exactly: number)).map { .unsigned($0) } ?? .number(number)
  }

  /// Consumes the next byte if it is one of `options`. Returns whether it did.
  private mutating func take(_ options: String) -> Bool {
    guard position < bytes.count, options.utf8.contains(bytes[position]) else { return false }
    position += 1
    return true
  }

  /// Consumes all digits that come next.
  ///
  /// - Returns: Whether there was at least one digit.
  private mutating func takeDigits() -> Bool {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    return position > start
  }
}
