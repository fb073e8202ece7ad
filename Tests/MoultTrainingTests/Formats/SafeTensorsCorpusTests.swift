import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

/// Hostile and odd files, each with the answer of the reference implementation (safetensors 0.8.0) and ours.
@Suite struct SafeTensorsCorpusTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    /// A part of our message, or nil where we read the file.
    let message: String?

    init(_ name: String, _ bytes: [UInt8], _ message: String?) {
      testDescription = name
      self.bytes = bytes
      self.message = message
    }
  }

  /// A file with `header` and `count` zero bytes behind it.
  static func file(_ header: String, _ count: Int = 0) -> [UInt8] { file(Array(header.utf8), count) }

  static func file(_ header: [UInt8], _ count: Int = 0, declaring length: UInt64? = nil) -> [UInt8] {
    withUnsafeBytes(of: (length ?? UInt64(header.count)).littleEndian) { Array($0) } + header
      + [UInt8](repeating: 0, count: count)
  }

  static func entry(_ name: String, _ dtype: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
    "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
  }

  /// The cases that the reference rejects too.
  static let rejected: [Case] = [
    Case("empty file", [], "expected at least 8 bytes, got 0"),
    Case("seven bytes", [UInt8](repeating: 0, count: 7), "expected at least 8 bytes, got 7"),
    Case("header of 0 bytes", file(""), "begins with {"),
    Case("header of 2^63 bytes", file(Array("{}".utf8), declaring: 1 << 63), "header too large"),
    Case("header of 2^64 - 1 bytes", file(Array("{}".utf8), declaring: .max), "header too large"),
    Case("header of 100,000,001 bytes", file(Array("{}".utf8), declaring: 100_000_001), "header too large"),
    Case("header past the end", file(Array("{}".utf8), declaring: 3), "expected a header of 3 bytes"),
    Case("not UTF-8", file([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x7B, 0x7D, 0x7D]), "expected a header in UTF-8"),
    Case("trailing NULs", file(Array("{}".utf8) + [0, 0]), "nothing but spaces after"),
    Case("no JSON", file("hello"), "begins with {"),
    Case("an array", file("[]"), "begins with {"),
    Case("unfinished", file("{\"a\""), "expected :"),
    Case("a comma too many", file("{\(entry("a", "U8", "[1]", 0, 1)),}", 1), "expected a string"),
    Case(
      "overlap", file("{\(entry("a", "U8", "[4]", 0, 4)),\(entry("b", "U8", "[4]", 2, 6))}", 6),
      "tensor \"b\": invalid offset: expected its bytes to begin at 4, got 2; it overlaps"),
    Case(
      "one place for two", file("{\(entry("a", "U8", "[4]", 0, 4)),\(entry("b", "U8", "[4]", 0, 4))}", 4),
      "expected its bytes to begin at 4, got 0; it overlaps"),
    Case(
      "hole", file("{\(entry("a", "U8", "[4]", 0, 4)),\(entry("b", "U8", "[4]", 5, 9))}", 9),
      "tensor \"b\": invalid offset: expected its bytes to begin at 4, got 5; it leaves a hole"),
    Case("hole at the start", file("{\(entry("a", "U8", "[4]", 1, 5))}", 5), "begin at 0, got 1"),
    Case("begin > end", file("{\(entry("a", "U8", "[4]", 4, 0))}", 4), "expected begin <= end, got [4, 0]"),
    Case("trailing bytes", file("{\(entry("a", "U8", "[4]", 0, 4))}", 5), "not fully covered"),
    Case("bytes without tensors", file("{}", 8), "not fully covered"),
    Case("truncated", file("{\(entry("a", "U8", "[4]", 0, 4))}", 3), "cut short"),
    Case("shape too large", file("{\(entry("a", "F32", "[2]", 0, 4))}", 4), "expected 8 bytes for F32 [2], got 4"),
    Case("shape too small", file("{\(entry("a", "F32", "[]", 0, 8))}", 8), "expected 4 bytes for F32 [], got 8"),
    Case(
      "2^33 x 2^33", file("{\(entry("a", "F32", "[8589934592,8589934592]", 0, 4))}", 4), "bytes can be counted"),
    Case(
      "2^32 x 2^32", file("{\(entry("a", "U8", "[4294967296,4294967296]", 0, 0))}"), "bytes can be counted"),
    Case(
      "overflow before a size 0", file("{\(entry("a", "U8", "[4294967296,4294967296,0]", 0, 0))}"),
      "bytes can be counted"),
    Case("size above 2^64", file("{\(entry("a", "U8", "[99999999999999999999]", 0, 0))}"), "a number below 2^63"),
    Case("negative size", file("{\(entry("a", "U8", "[-1]", 0, 0))}"), "expected a whole number from 0 on"),
    Case("fractional size", file("{\(entry("a", "U8", "[1.0]", 0, 1))}", 1), "expected a whole number from 0 on"),
    Case("size with exponent", file("{\(entry("a", "U8", "[1e0]", 0, 1))}", 1), "expected a whole number from 0 on"),
    Case("size with leading zero", file("{\(entry("a", "U8", "[01]", 0, 1))}", 1), "expected a whole number from 0 on"),
    Case("size as text", file("{\(entry("a", "U8", "[\"1\"]", 0, 1))}", 1), "expected a whole number from 0 on"),
    Case("unknown dtype", file("{\(entry("a", "F31", "[1]", 0, 4))}", 4), "unknown dtype \"F31\""),
    Case("half a byte", file("{\(entry("a", "F4", "[1]", 0, 0))}"), "no whole number of bytes"),
    Case("dtype missing", file("{\"a\":{\"shape\":[],\"data_offsets\":[0,1]}}", 1), "got none of: dtype"),
    Case(
      "one offset", file("{\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0]}}", 1), "two data_offsets, got 1"),
    Case(
      "repeated field", file("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}", 1),
      "duplicate"),
    Case("metadata that is a number", file("{\"__metadata__\":{\"a\":1}}"), "__metadata__: expected a string"),
    Case("metadata that is a list", file("{\"__metadata__\":[]}"), "expected {"),
    Case("entry that is null", file("{\"a\":null}"), "expected {"),
    Case(
      "100,000 nested arrays",
      file("{\"a\":" + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}"),
      "expected {"),
    Case(
      "100,000 nested objects", file(String(repeating: "{\"a\":", count: 100_000)), "unknown field \"a\""),
    Case("line break in a name", file("{\"a\nb\":{}}"), "no control character"),
    Case("unknown escape", file("{\"\\x\":{}}"), "expected one of"),
    Case("lone surrogate", file("{\"\\ud800\":{}}"), "pair of surrogates"),
    Case("second surrogate first", file("{\"\\udc00\\ud800\":{}}"), "pair of surrogates"),
    Case("no hexadecimal", file("{\"\\u00g0\":{}}"), "four hexadecimal digits"),
  ]

  /// The cases that the reference accepts and we do not.
  static let stricter: [Case] = [
    Case("leading space", file(" {}"), "begins with {"),
    Case(
      "duplicate tensor name", file("{\(entry("a", "U8", "[1]", 0, 1)),\(entry("a", "U8", "[1]", 1, 2))}", 2),
      "a duplicate of \"a\""),
    Case(
      "unknown field in an entry",
      file("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"extra\":1}}", 1), "unknown field \"extra\""),
    Case("duplicate metadata key", file("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}"), "a duplicate of \"a\""),
    Case("a BOOL of 2", file("{\(entry("a", "BOOL", "[1]", 0, 1))}") + [2], "BOOL bytes of 0 or 1, got 2"),
    Case("line break as padding", file("{}\n"), "nothing but spaces after"),
    Case(
      "one name in two spellings",  // é, and e with an accent: one String in Swift
      file("{\(entry("\\u00e9", "U8", "[1]", 0, 1)),\(entry("e\\u0301", "U8", "[1]", 1, 2))}", 2), "a duplicate of"),
    Case(
      "overflow behind a size 0", file("{\(entry("a", "U8", "[0,9223372036854775807,9223372036854775807]", 0, 0))}"),
      "bytes can be counted"),
    Case(
      "65 sizes", file("{\(entry("a", "U8", "[1\(String(repeating: ",1", count: 64))]", 0, 1))}", 1),
      "expected at most 64 numbers"),
  ]

  /// The cases that both accept.
  static let accepted: [Case] = [
    Case("no tensors", file("{}"), nil),
    Case("padding", file("{}      "), nil),
    Case(
      "space between tokens", file("{ \"a\"\t:\n{\"dtype\":\"U8\",\"shape\":[ ],\r\"data_offsets\":[0 , 1]} }", 1), nil),
    Case("zero size", file("{\(entry("a", "F32", "[0,4294967295]", 0, 0))}"), nil),
    Case("64 sizes", file("{\(entry("a", "U8", "[1\(String(repeating: ",1", count: 63))]", 0, 1))}", 1), nil),
    Case("rank 0", file("{\(entry("a", "F64", "[]", 0, 8))}", 8), nil),
    Case("NaN payload", file("{\(entry("a", "F32", "[1]", 0, 4))}") + [1, 0, 0xC0, 0x7F], nil),
    Case("a name like a path", file("{\(entry("../../etc/x", "U8", "[1]", 0, 1))}", 1), nil),
    Case("entries out of order", file("{\(entry("b", "U8", "[1]", 1, 2)),\(entry("a", "U8", "[1]", 0, 1))}", 2), nil),
    Case(
      "empty tensors between others",
      file("{\(entry("b", "U8", "[1]", 1, 2)),\(entry("e", "U8", "[0]", 1, 1)),\(entry("a", "U8", "[1]", 0, 1))}", 2),
      nil),
    Case("surrogates in a name", file("{\(entry("\\ud83e\\udd9c", "U8", "[1]", 0, 1))}", 1), nil),
  ]

  @Test(arguments: rejected + stricter)
  func isRefused(_ file: Case) throws {
    let expected = try unwrapped(file.message)
    try withTemporaryFolder { folder in
      let path = "\(folder)/x.safetensors"
      try place(file.bytes, at: path)
      for error in [
        try moultError { _ = try SafeTensors.decode(file.bytes, location: path) },
        try moultError { _ = try SafeTensors.read(path) },
      ] {
        expectTrue(error.message.contains(expected), "\(error.message)")
        expectEqual(error.location, path)
        expectEqual(error.exitCode, 65)
      }
    }
  }

  @Test(arguments: accepted)
  func isRead(_ file: Case) throws {
    let (tensors, _) = try SafeTensors.decode(file.bytes, location: "x")
    // What is read can be written, and is read again as it was.
    let again = try SafeTensors.decode(try SafeTensors.encode(tensors), location: "x").tensors
    expectEqual(again.mapValues(\.shape), tensors.mapValues(\.shape))
    for (name, tensor) in tensors {
      expectEqual(again[name]?.withContiguousBytes { Array($0) }, tensor.withContiguousBytes { Array($0) })
    }
  }

  @Test func everyTruncationOfAGoodFileIsRefused() throws {
    let good = try contents(reference("safetensors/every_dtype.safetensors"))
    for count in 0..<good.count {
      #expect(throws: MoultError.self, "\(count) bytes") {
        try SafeTensors.decode(Array(good[..<count]), location: "x")
      }
    }
  }

  @Test func noSingleWrongByteOfAHeaderEndsTheProcess() throws {
    let good = try contents(reference("safetensors/every_dtype.safetensors"))
    let end = 8 + Int(good[0]) + Int(good[1]) << 8
    for index in 0..<end {
      for byte: UInt8 in [0, 0x20, 0x22, 0x2C, 0x39, 0x5B, 0x5C, 0x7B, 0x7D, 0xFF] {
        var bytes = good
        bytes[index] = byte
        // Some of these are good files (another digit in a name): what counts is that none of them traps.
        _ = try? SafeTensors.decode(bytes, location: "x")
      }
    }
  }
}
