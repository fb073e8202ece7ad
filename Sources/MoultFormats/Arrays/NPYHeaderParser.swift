import MoultCore

/// Parses the header of a .npy file: a Python dictionary literal with exactly three keys.
///
/// The parser accepts only this grammar. It evaluates no code and is not recursive.
struct NPYHeaderParser {
  /// The largest number of dimensions, as in NumPy.
  private static let greatestRank = 64

  private let bytes: [UInt8]
  private let location: String
  private var position = 0

  init(_ bytes: [UInt8], location: String) {
    self.bytes = bytes
    self.location = location
  }

  mutating func parse() throws(MoultError) -> (descr: String, isFortranOrder: Bool, shape: [Int]) {
    var descr: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !skip("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descr == nil: descr = try elementType()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truthValue()
      case "shape" where shape == nil: shape = try sizes()
      default: throw failure("expected descr, fortran_order and shape, each once, got '\(key)'")
      }
      if skip(",") { continue }
      try expect("}")
      break
    }
    skipSpace()
    guard position == bytes.count else { throw failure("expected nothing but spaces after the header's }") }
    guard let descr, let isFortranOrder, let shape else {
      throw failure("expected descr, fortran_order and shape, got not all of them")
    }
    return (descr, isFortranOrder, shape)
  }

  private func failure(_ text: String) -> MoultError {
    MoultError(.badData, "NPY: \(text), at byte \(position) of the header", location: location)
  }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) { position += 1 }
  }

  /// Skips spaces, then consumes `token` if it comes next. Returns whether it did.
  private mutating func skip(_ token: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, UInt32(bytes[position]) == token.value else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ token: Unicode.Scalar) throws(MoultError) {
    guard skip(token) else { throw failure("expected \(token)") }
  }

  /// Parses a string in single or double quotes. Escapes are refused, because none of the three values needs one.
  private mutating func string() throws(MoultError) -> String {
    let quote = skip("'") ? UInt8(ascii: "'") : UInt8(ascii: "\"")
    if quote == UInt8(ascii: "\"") { try expect("\"") }
    let start = position
    while position < bytes.count, bytes[position] != quote {
      guard (0x20..<0x7F).contains(bytes[position]), bytes[position] != UInt8(ascii: "\\") else {
        throw failure("expected plain ASCII in quotes")
      }
      position += 1
    }
    guard position < bytes.count else { throw failure("expected the end of a text in quotes") }
    defer { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func elementType() throws(MoultError) -> String {
    guard !skip("[") else {
      throw failure("expected one type of numbers, got a structure with fields; save each field as an array of its own")
    }
    return try string()
  }

  private mutating func truthValue() throws(MoultError) -> Bool {
    skipSpace()
    for (text, value) in [("True", true), ("False", false)] where bytes[position...].starts(with: text.utf8) {
      position += text.utf8.count
      return value
    }
    throw failure("expected True or False")
  }

  /// Parses a tuple of sizes: `()`, `(3,)`, `(3, 4)`.
  private mutating func sizes() throws(MoultError) -> [Int] {
    var sizes: [Int] = []
    try expect("(")
    while !skip(")") {
      guard sizes.count < Self.greatestRank else { throw failure("expected at most \(Self.greatestRank) sizes") }
      sizes.append(try wholeNumber())
      if skip(",") { continue }
      // In Python a number in parentheses is a tuple only with a comma after it.
      guard sizes.count > 1 else { throw failure("expected a comma after the only size") }
      try expect(")")
      break
    }
    return sizes
  }

  private mutating func wholeNumber() throws(MoultError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowsToo) = product.addingReportingOverflow(Int(bytes[position] - 0x30))
      if overflows || overflowsToo { throw failure("expected a size below 2^63") }
      value = sum
      position += 1
    }
    guard position > start else { throw failure("expected a size: a whole number from 0 on") }
    // Python 2 writes some integers with a suffix L.
    if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }
}
