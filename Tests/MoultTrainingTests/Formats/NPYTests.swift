import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct NPYTests {
  /// A file of version 1 with this header and these bytes behind it.
  static func file(_ header: String, values: [UInt8] = [], version: [UInt8] = [1, 0]) -> [UInt8] {
    let text = Array((header + "\n").utf8)
    let length = withUnsafeBytes(of: UInt32(text.count).littleEndian) { Array($0.prefix(version[0] == 1 ? 2 : 4)) }
    return [0x93] + Array("NUMPY".utf8) + version + length + text + values
  }

  @Test func whatNumPyWroteIsRead() throws {
    try expectEqual(NPY.read(reference("npy/scalar.npy")), Tensor([2.5] as [Double], shape: []))
    try expectEqual(NPY.read(reference("npy/empty.npy")), Tensor([] as [Float], shape: [0, 3]))
  }

  @Test(arguments: 1...3) func everyVersionIsRead(version: Int) throws {
    let expected = Tensor([0, 1, 2, 3, 4, 5] as [Int32], shape: [2, 3])
    try expectEqual(NPY.read(reference("npy/version\(version).npy")), expected)
  }

  @Test func fortranOrderOfThreeAxesIsTurned() throws {
    let expected = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])
    try expectEqual(NPY.read(reference("npy/fortran_block.npy")), expected)
  }

  @Test func bytesAreWhatTheHeaderSays() throws {
    let little = Self.file("{'descr': '<u2', 'fortran_order': False, 'shape': (2,), }", values: [1, 2, 255, 255])
    try expectEqual(NPY.decode(little, location: "x"), Tensor([513, 65_535] as [Int32], shape: [2]))
    let big = Self.file("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", values: [1, 2, 255, 255])
    try expectEqual(NPY.decode(big, location: "x"), Tensor([258, -1] as [Int32], shape: [2]))
  }

  @Test(arguments: [
    "{'shape': (2, 1), 'fortran_order': False, 'descr': '|u1'}",
    "{ \"descr\":\"|u1\" , \"fortran_order\" : False,\t\"shape\":(2,1,) } ",
    "{'descr': '<u1', 'fortran_order': False, 'shape': (2L, 1L), }",
  ]) func headersOfOtherWritersAreRead(header: String) throws {
    try expectEqual(
      NPY.decode(Self.file(header, values: [7, 8]), location: "x"), Tensor([7, 8] as [UInt8], shape: [2, 1]))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let tensors = [
      Tensor([1, -2.5, .infinity] as [Float], shape: [3]), Tensor([1e300] as [Double], shape: []),
      Tensor([.min, .max] as [Int64], shape: [1, 2]), Tensor([-7] as [Int32], shape: [1, 1, 1]),
      Tensor([0, 255] as [UInt8], shape: [2]), Tensor([true, false] as [Bool], shape: [2]),
      Tensor([] as [Float], shape: [0, 28, 28]),
      // A view: what is written is the order of its indices.
      Tensor([[1, 2, 3], [4, 5, 6]]).transposed(),
    ]
    try withTemporaryFolder { folder in
      for tensor in tensors {
        for name in ["x.npy", "x.npy.gz"] {
          try NPY.write(tensor, to: "\(folder)/\(name)")
          try expectEqual(NPY.read("\(folder)/\(name)"), tensor)
        }
        // NumPy maps files into memory, where its headers end at a multiple of 64.
        expectEqual((NPY.encode(tensor).count - tensor.count * tensor.dtype.byteCount) % 64, 0)
      }
    }
  }

  @Test func halvesKeepTheirTypeIfAsked() throws {
    let header = "{'descr': '>f2', 'fortran_order': True, 'shape': (2, 2), }"
    let bytes = Self.file(header, values: [0x3C, 0, 0x40, 0, 0x42, 0, 0x44, 0])
    let expected = Tensor([[1, 3], [2, 4]]).cast(to: .float16)
    try expectEqual(NPY.decode(bytes, location: "x"), Tensor([[1, 3], [2, 4]]))
    try expectEqual(NPY.decode(bytes, location: "x", limit: 8, keepingHalfPrecision: true), expected)
    #expect(throws: MoultError.self) { try NPY.decode(bytes, location: "x", limit: 8) }
    let written = NPY.encode(expected)
    expectTrue(String(decoding: written, as: UTF8.self).contains("'descr': '<f2'"))
    expectEqual(Array(written.suffix(8)), [0, 0x3C, 0, 0x42, 0, 0x40, 0, 0x44])
    try withTemporaryFolder { folder in
      try NPZ.write(["x": expected, "y": Tensor([1, 2]).cast(to: .bfloat16)], to: "\(folder)/x.npz")
      let kept = try NPZ.read("\(folder)/x.npz", keepingHalfPrecision: true)
      expectEqual(kept, ["x": expected, "y": Tensor([1, 2])])
      try expectEqual(NPZArchive("\(folder)/x.npz").read("x", keepingHalfPrecision: true), expected)
      try NPY.write(expected, to: "\(folder)/x.npy")
      try expectEqual(NPY.read("\(folder)/x.npy", keepingHalfPrecision: true), expected)
    }
  }

  private static let good = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }"

  /// Files that lie, and what is said about them.
  static let lies: [(name: String, bytes: [UInt8], message: String)] = [
    ("nothing", [], "begins with \\x93NUMPY"),
    ("text", Array("hello, world".utf8), "begins with \\x93NUMPY"),
    ("magic only", [0x93] + Array("NUMPY".utf8), "begins with \\x93NUMPY"),
    ("version 4", file(good, values: [1, 2], version: [4, 0]), "expected version 1.0, 2.0 or 3.0, got 4.0"),
    ("version 1.1", file(good, values: [1, 2], version: [1, 1]), "got 1.1"),
    ("no length", [0x93] + Array("NUMPY".utf8) + [1, 0, 9], "the header's length"),
    ("long header", [0x93] + Array("NUMPY".utf8) + [2, 0, 0, 0, 0, 0x80], "at most 65535 bytes, got 2147483648"),
    ("header cut short", Array(file(good).dropLast(9)), "the file is cut short"),
    ("no dictionary", file("[1, 2]"), "expected {"),
    ("code", file("__import__('os').system('true')"), "expected {"),
    (
      "expression", file("{'descr': '|u1', 'fortran_order': False, 'shape': (1+1,)}", values: [1, 2]),
      "expected a comma"
    ),
    ("key twice", file("{'descr': '|u1', 'descr': '|u1'}"), "each once, got 'descr'"),
    ("unknown key", file("{'descr': '|u1', 'more': 1}"), "each once, got 'more'"),
    ("key missing", file("{'descr': '|u1', 'shape': (2,)}", values: [1, 2]), "got not all of them"),
    ("text behind", file(good + " 1", values: [1, 2]), "nothing but spaces"),
    ("escape", file("{'de\\x73cr': '|u1'}"), "plain ASCII"),
    ("open quote", file("{'descr: "), "plain ASCII"),
    ("negative size", file("{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}"), "a whole number from 0 on"),
    ("no comma", file("{'descr': '|u1', 'fortran_order': False, 'shape': (2)}", values: [1, 2]), "expected a comma"),
    ("order 1", file("{'descr': '|u1', 'fortran_order': 1, 'shape': (2,)}"), "True or False"),
    ("no order", file("{'fortran_order':"), "True or False"),
    (
      "size 2^64", file("{'descr': '|u1', 'fortran_order': False, 'shape': (18446744073709551616,)}"),
      "a size below 2^63"
    ),
    (
      "product overflows", file("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 0)}"),
      "whose product fits in memory"
    ),
    (
      "tensor overflows", file("{'descr': '|i1', 'fortran_order': False, 'shape': (4611686018427387904, 0)}"),
      "whose product fits in memory"
    ),
    (
      "65 sizes",
      file(
        "{'descr': '|u1', 'fortran_order': False, 'shape': (" + String(repeating: "1, ", count: 65) + ")}",
        values: [1]), "at most 64 sizes"
    ),
    ("cut short", file(good, values: [1]), "expected 2 bytes of numbers for sizes [2], got 1"),
    ("trailing", file(good, values: [1, 2, 3]), "expected 2 bytes of numbers for sizes [2], got 3"),
    ("truth 2", file("{'descr': '|b1', 'fortran_order': False, 'shape': (1,)}", values: [2]), "0 or 1, got 2"),
    ("no order of bytes", file("{'descr': 'f4', 'fortran_order': False, 'shape': (1,)}"), "got 'f4'"),
    ("native order", file("{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}"), "got '|f4'"),
  ]

  @Test(arguments: lies.indices) func liesAreRefused(index: Int) throws {
    let lie = Self.lies[index]
    try withTemporaryFolder { folder in
      let path = "\(folder)/lie.npy"
      try place(lie.bytes, at: path)
      for error in [
        try moultError { _ = try NPY.read(path) }, try moultError { _ = try NPY.decode(lie.bytes, location: path) },
      ] {
        expectTrue(error.message.contains(lie.message), "\(lie.name): \(error.message)")
        expectEqual(error.location, path)
        expectEqual(error.exitCode, 65)
      }
    }
    #expect(throws: MoultError.self) { try NPY.decode(try Gzip.compress(lie.bytes), location: "x") }
  }

  @Test func aHeaderAboveTheLimitIsRefused() throws {
    let bytes = Self.file(Self.good, values: [1, 2])
    try expectEqual(NPY.decode(bytes, location: "x", limit: 2).count, 2)
    let error = try moultError { _ = try NPY.decode(bytes, location: "x", limit: 1) }
    expectTrue(error.message.contains("at most 1 bytes of numbers, got a header for 2"))
    // Four bytes each in memory.
    let narrow = Self.file("{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }", values: [1, 2])
    try expectEqual(NPY.decode(narrow, location: "x", limit: 8).count, 2)
    let wider = try moultError { _ = try NPY.decode(narrow, location: "x", limit: 7) }
    expectTrue(wider.message.contains("at most 7 bytes of numbers, got a header for 8"))
  }
}
