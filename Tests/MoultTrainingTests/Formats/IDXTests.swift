import Foundation
import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct IDXTests {
  /// A header of bytes with `sizes`, and `values` behind it.
  static func file(type: UInt8 = 8, sizes: [UInt32], values: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, type, UInt8(sizes.count)]
    for size in sizes { withUnsafeBytes(of: size.bigEndian) { bytes += $0 } }
    return bytes + values
  }

  @Test func bytesAreRead() throws {
    let tensor = try IDX.decode(Self.file(sizes: [2, 3], values: [1, 2, 3, 4, 5, 6]), location: "x")
    expectEqual(tensor, Tensor([1, 2, 3, 4, 5, 6] as [UInt8], shape: [2, 3]))
  }

  @Test func otherTypesAreBigEndian() throws {
    let integers = try IDX.decode(
      Self.file(type: 12, sizes: [2], values: [0, 0, 1, 2, 255, 255, 255, 255]), location: "x")
    expectEqual(integers, Tensor([258, -1] as [Int32], shape: [2]))
    let floats = try IDX.decode(Self.file(type: 13, sizes: [1], values: [0x3f, 0xc0, 0, 0]), location: "x")
    expectEqual(floats, Tensor([1.5] as [Float], shape: [1]))
    let doubles = try IDX.decode(
      Self.file(type: 14, sizes: [1, 1], values: [0xbf, 0xf8, 0, 0, 0, 0, 0, 0]), location: "x")
    expectEqual(doubles, Tensor([-1.5] as [Double], shape: [1, 1]))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let tensors = [
      Tensor([7] as [UInt8], shape: [1, 1, 1, 1]), Tensor([1, -2, 3] as [Int32], shape: [3]),
      Tensor([0.5, -0.25] as [Float], shape: [1, 2]), Tensor([1e300] as [Double], shape: [1]),
      Tensor([] as [UInt8], shape: [0, 28, 28]),
    ]
    try withTemporaryFolder { folder in
      for tensor in tensors {
        for name in ["x-idx", "x-idx.gz"] {
          try IDX.write(tensor, to: "\(folder)/\(name)")
          try expectEqual(IDX.read("\(folder)/\(name)"), tensor)
        }
      }
    }
  }

  /// Files that lie, and what is said about them.
  static let lies: [(name: String, bytes: [UInt8], message: String)] = [
    ("nothing", [], "begins with two zero bytes"),
    ("three bytes", [0, 0, 8], "begins with two zero bytes"),
    ("text", Array("hello, world".utf8), "begins with two zero bytes"),
    ("unknown type", file(type: 11, sizes: [1], values: [0, 0]), "got 11"),
    ("no sizes", [0, 0, 8, 0], "expected 1 to 4 sizes, got 0"),
    ("five sizes", file(sizes: [1, 1, 1, 1, 1], values: [1]), "expected 1 to 4 sizes, got 5"),
    ("sizes cut short", [0, 0, 8, 2, 0, 0, 0, 1, 0], "expected 2 sizes in 8 bytes, got 5"),
    ("count 0, values there", file(sizes: [0, 2], values: [1, 2]), "expected 0 bytes of values"),
    ("count 1 for two", file(sizes: [1, 2], values: [1, 2, 3, 4]), "expected 2 bytes of values"),
    ("count 2^32 - 1", file(sizes: [.max, 28, 28], values: [1, 2]), "expected 3367254359280 bytes of values"),
    ("product overflows", file(sizes: [.max, .max, .max], values: [1]), "whose product fits in memory"),
    ("product overflows before a 0", file(sizes: [.max, .max, .max, 0], values: []), "whose product fits in memory"),
    ("cut short", file(sizes: [4], values: [1, 2, 3]), "expected 4 bytes of values for sizes [4], got 3"),
    ("trailing", file(sizes: [4], values: [1, 2, 3, 4, 5]), "expected 4 bytes of values for sizes [4], got 5"),
  ]

  @Test(arguments: lies.indices)
  func liesAreRefused(index: Int) throws {
    let lie = Self.lies[index]
    try withTemporaryFolder { folder in
      let path = "\(folder)/lie"
      try place(lie.bytes, at: path)
      for error in [
        try moultError { _ = try IDX.read(path) },
        try moultError { _ = try IDX.decode(lie.bytes, location: path) },
      ] {
        expectTrue(error.message.contains(lie.message), "\(lie.name): \(error.message)")
        expectEqual(error.location, path)
        expectEqual(error.exitCode, 65)
      }
    }
  }

  @Test(arguments: lies.indices)
  func packedLiesAreRefused(index: Int) throws {
    #expect(throws: MoultError.self) { try IDX.decode(try Gzip.compress(Self.lies[index].bytes), location: "x") }
  }

  @Test func aPackedFileThatPromisesMoreThanItCanHoldIsRefusedUnpacked() throws {
    let packed = try Gzip.compress(Self.file(sizes: [.max], values: [1, 2, 3]))
    let error = try moultError { _ = try IDX.decode(packed, location: "x") }
    expectTrue(error.message.contains("expected 4294967295 bytes of values for sizes [4294967295], got at most"))
  }

  @Test func aPackedFileWithMoreOrLessThanItsHeaderSaysIsRefused() throws {
    let short = try moultError {
      _ = try IDX.decode(try Gzip.compress(Self.file(sizes: [9], values: [1])), location: "x")
    }
    expectTrue(short.message.contains("expected 9 bytes of values for sizes [9], got 1"))
    let long = try moultError {
      _ = try IDX.decode(try Gzip.compress(Self.file(sizes: [1], values: [1, 2])), location: "x")
    }
    expectTrue(long.message.contains("expected the end after 1 bytes"))
  }

  @Test func aBombIsRefusedByTheLimit() throws {
    let bomb = try Gzip.compress(Self.file(sizes: [1 << 24], values: [UInt8](repeating: 0, count: 1 << 24)))
    let error = try moultError { _ = try IDX.decode(bomb, location: "x", limit: 1 << 20) }
    expectTrue(error.message.contains("at most 1048576 bytes"))
  }

  @Test func aFileThatIsNotThereSaysSo() throws {
    let error = try moultError { _ = try IDX.read("/no/such/file") }
    expectEqual(error.exitCode, 66)
    expectEqual(error.cause, "No such file or directory")
    let folder = try moultError { _ = try IDX.read("/tmp") }
    expectTrue(folder.message.contains("got a folder"))
  }

  @Test func typesWithoutACodeAreNotWritten() throws {
    let error = try moultError { _ = try IDX.encode(Tensor([1] as [Int64], shape: [1])) }
    expectTrue(error.message.contains("got int64"))
    #expect(throws: MoultError.self) { try IDX.encode(Tensor([1] as [UInt8], shape: [])) }
    #expect(throws: MoultError.self) { try IDX.encode(Tensor([1] as [UInt8], shape: [1, 1, 1, 1, 1])) }
  }

  @Test func aCompressedFileThatIsLargerThanItsContentMayBeIsNotReadWhole() throws {
    try withTemporaryFolder { folder in
      // A hole of a tebibyte takes no room on the disk.
      try place([0x1f, 0x8b, 8, 0], at: folder + "/x.gz")
      let file = try unwrapped(FileHandle(forWritingAtPath: folder + "/x.gz"))
      try file.truncate(atOffset: 1 << 40)
      try file.close()
      let error = try moultError { _ = try IDX.read(folder + "/x.gz", limit: 1000) }
      expectEqual(error.exitCode, 65)
      expectTrue(error.message.contains("got a file of 1099511627776"), "\(error.message)")
      // And a limit that allows it brings only the beginning into memory, which is damaged.
      let second = try moultError { _ = try IDX.read(folder + "/x.gz", limit: .max) }
      expectTrue(second.message.contains("gzip: damaged near byte "), "\(second.message)")
    }
  }
}
