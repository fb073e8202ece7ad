import MoultCore

/// Parses the JSON header of a safetensors file.
///
/// The parser accepts only the grammar of this header, not all of JSON. It is not recursive, so that a malicious file
/// cannot overflow the stack by deep nesting.
struct SafeTensorsHeaderParser {
  /// The largest number of sizes of a tensor. Without a limit, a header with millions of sizes would need four times
  /// its size in memory.
  private static let greatestRank = 64

  private var scanner: JSONScanner

  init(_ bytes: [UInt8], location: String) {
    scanner = JSONScanner(bytes, format: "safetensors", location: location)
  }

  mutating func parse() throws(MoultError) -> (metadata: [String: String], entries: [SafeTensorsHeader.Entry]) {
    try scanner.checkUTF8()
    guard scanner.bytes.first == UInt8(ascii: "{") else {
      throw scanner.failure("expected a header that begins with {")
    }
    var metadata: [String: String] = [:]
    var entries: [SafeTensorsHeader.Entry] = []
    try parseObject { parser, name throws(MoultError) in
      if name == "__metadata__" {
        metadata = try parser.parseMetadata()
      } else {
        entries.append(try parser.parseEntry(name))
      }
    }
    // The header may be padded with spaces, and with nothing else.
    while scanner.position < scanner.bytes.count {
      guard scanner.bytes[scanner.position] == UInt8(ascii: " ") else {
        throw scanner.failure("expected nothing but spaces after the header's last }")
      }
      scanner.position += 1
    }
    return (metadata, entries)
  }

  /// Parses an object and calls `member` at each value, with its name. Throws if a name repeats.
  private mutating func parseObject(
    _ member: (inout Self, String) throws(MoultError) -> Void
  ) throws(MoultError) {
    var seen: Set<String> = []
    try scanner.expect("{")
    if scanner.skip("}") { return }
    repeat {
      let name = try scanner.string()
      guard seen.insert(name).inserted else {
        throw scanner.failure("expected each name once, got a duplicate of \"\(name)\"")
      }
      try scanner.expect(":")
      try member(&self, name)
    } while scanner.skip(",")
    try scanner.expect("}")
  }

  private mutating func parseMetadata() throws(MoultError) -> [String: String] {
    var metadata: [String: String] = [:]
    try parseObject { parser, key throws(MoultError) in
      metadata[key] = try parser.scanner.string(in: "__metadata__")
    }
    return metadata
  }

  private mutating func parseEntry(_ name: String) throws(MoultError) -> SafeTensorsHeader.Entry {
    var dtype: SafeTensorsDType?
    var shape: [Int]?
    var offsets: [Int]?
    let place = "tensor \"\(name)\""
    try parseObject { parser, field throws(MoultError) in
      switch field {
      case "dtype":
        let text = try parser.scanner.string(in: "\(place), dtype")
        guard let known = SafeTensorsDType(rawValue: text) else {
          throw parser.scanner.failure("\(place): unknown dtype \"\(text)\"")
        }
        dtype = known
      case "shape": shape = try parser.parseIntegers(in: "\(place), shape")
      case "data_offsets": offsets = try parser.parseIntegers(in: "\(place), data_offsets")
      default:
        throw parser.scanner.failure(
          "\(place): expected dtype, shape and data_offsets alone, got an unknown field \"\(field)\"")
      }
    }
    guard let dtype, let shape, let offsets else {
      let missing = [("dtype", dtype == nil), ("shape", shape == nil), ("data_offsets", offsets == nil)]
      let names = missing.filter(\.1).map(\.0).joined(separator: ", ")
      throw scanner.failure("\(place): expected dtype, shape and data_offsets, got none of: \(names)")
    }
    guard offsets.count == 2 else {
      throw scanner.failure("\(place): expected two data_offsets, got \(offsets.count)")
    }
    return SafeTensorsHeader.Entry(name: name, dtype: dtype, shape: shape, begin: offsets[0], end: offsets[1])
  }

  private mutating func parseIntegers(in place: String) throws(MoultError) -> [Int] {
    var integers: [Int] = []
    try scanner.expect("[", in: place)
    if scanner.skip("]") { return integers }
    repeat {
      guard integers.count < Self.greatestRank else {
        throw scanner.failure("\(place): expected at most \(Self.greatestRank) numbers, got more")
      }
      integers.append(try scanner.integer(in: place))
    } while scanner.skip(",")
    try scanner.expect("]", in: place)
    return integers
  }
}
