import MoultCore

/// A strict scanner of JSON tokens (RFC 8259).
struct JSONScanner {
  let bytes: [UInt8]
  var position = 0
  private let format: String
  private let location: String

  init(_ bytes: [UInt8], format: String, location: String) {
    self.bytes = bytes
    self.format = format
    self.location = location
  }

  /// Throws `.badData` unless all bytes are valid UTF-8.
  func checkUTF8() throws(MoultError) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw MoultError(.badData, "\(format): expected a header in UTF-8, got other bytes", location: location)
    }
  }

  /// Returns an error with the current position.
  func failure(_ text: String) -> MoultError {
    MoultError(.badData, "\(format): \(text), at byte \(position) of the header (\(found))", location: location)
  }

  /// The byte at the current position, in words for messages.
  private var found: String {
    guard position < bytes.count else { return "its end" }
    let byte = bytes[position]
    return (0x21..<0x7F).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
  }

  /// The next byte that is not a space; nil at the end. Spaces before it are skipped.
  var next: UInt8? {
    mutating get {
      skipSpace()
      return position < bytes.count ? bytes[position] : nil
    }
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  /// Skips spaces, then consumes `token` if it comes next. Returns whether it did.
  mutating func skip(_ token: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, UInt32(bytes[position]) == token.value else { return false }
    position += 1
    return true
  }

  /// Consumes `token`. Throws if it does not come next.
  mutating func expect(_ token: Unicode.Scalar, in place: String? = nil) throws(MoultError) {
    guard skip(token) else { throw failure(at(place) + "expected \(token)") }
  }

  private func at(_ place: String?) -> String { place.map { $0 + ": " } ?? "" }

  /// Consumes a non-negative integer without sign, fraction, exponent and leading zeros.
  mutating func integer(in place: String) throws(MoultError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowsToo) = product.addingReportingOverflow(Int(bytes[position] - 0x30))
      if overflows || overflowsToo { throw failure(at(place) + "expected a number below 2^63") }
      value = sum
      position += 1
    }
    let hasLeadingZero = position - start > 1 && bytes[start] == 0x30
    // A letter after the digits is found by the caller, which expects a separator.
    guard position > start, !hasLeadingZero, !continuesNumber else {
      throw failure(at(place) + "expected a whole number from 0 on")
    }
    return value
  }

  private var continuesNumber: Bool {
    position < bytes.count && [0x2E, 0x45, 0x65].contains(bytes[position])
  }

  /// Consumes a string.
  mutating func string(in place: String? = nil) throws(MoultError) -> String {
    guard skip("\"") else { throw failure(at(place) + "expected a string") }
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try appendEscape(to: &text)
      case 0..<0x20: throw failure(at(place) + "expected no control character in a string")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw failure(at(place) + "expected the end of a string")
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws(MoultError) {
    guard position < bytes.count else { throw failure("expected the end of an escape") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text += Array(String(try escapedScalar()).utf8)
    default: throw failure("expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
    }
  }

  /// Returns the character of an escape `\uXXXX`, or of two escapes that form a surrogate pair.
  private mutating func escapedScalar() throws(MoultError) -> Character {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw failure("expected a pair of surrogates") }
    position += 2
    let second = try hexadecimal()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw failure("expected a pair of surrogates") }
    return Character(scalar)
  }

  private mutating func hexadecimal() throws(MoultError) -> UInt32 {
    guard position + 4 <= bytes.count else { throw failure("expected four hexadecimal digits") }
    var value: UInt32 = 0
    for byte in bytes[position..<(position + 4)] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }
}
