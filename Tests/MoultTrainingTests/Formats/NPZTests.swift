import Foundation
import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct NPZTests {
  @Test(arguments: ["every_type.npz", "every_type_packed.npz"])
  func everyTypeAndOrderOfNumPyIsRead(file: String) throws {
    let arrays = try NPZ.read(reference("npy/" + file))
    expectEqual(arrays.count, 48)
    for (name, array) in arrays {
      let kind = String(name.prefix { $0 != "." })
      let expected = try unwrapped(arrays[kind + ".expected"])
      expectTrue(array.hasBits(of: expected), "\(name): \(array)")
    }
  }

  @Test func knownValuesStandWhereTheyShould() throws {
    let archive = try NPZArchive(reference("npy/every_type.npz"))
    try expectEqual(archive.read("i1.big").scalars(as: Int64.self), [0, 1, 2, 3, 100, 127, 126, -128, -127, 5, 6, 7])
    try expectEqual(archive.read("u4.fortran").scalars(as: Int64.self)[5], 4_294_967_295)
    try expectEqual(archive.read("u8.big").scalars(as: Int64.self)[5], .max)
    try expectEqual(archive.read("f2.little").scalars(as: Float.self)[5...8], [0.333_251_95, 1, -3.140_625, 65_504])
    try expectEqual(archive.read("b1.fortran").scalars(as: Bool.self)[..<4], [true, false, false, true])
    try expectEqual(archive.read("f8.little").shape, [3, 4])
  }

  @Test(arguments: [
    ("objects", "are never read"), ("texts", "numpy.unique"), ("bytes", "got '|S3'"), ("times", "as numbers instead"),
    ("complex", "real and imaginary"), ("structure", "a structure with fields"), ("void", "raw bytes"),
    ("too_large", "below 2^63, got 9223372036854775808"),
  ]) func whatIsNoTensorIsRefusedByName(name: String, message: String) throws {
    let archive = try NPZArchive(reference("npy/refused.npz"))
    let error = try moultError { _ = try archive.read(name) }
    expectTrue(error.message.contains(message), "\(error.message)")
    expectEqual(error.location?.hasSuffix("refused.npz, \(name).npy"), true)
    expectEqual(error.exitCode, 65)
  }

  @Test func sizesBehindTheContentsAreRead() throws {
    let arrays = try NPZ.read(reference("npy/descriptors.npz"))
    let expected = Tensor([0, 1, 2, 3, 4, 5] as [UInt8], shape: [6])
    expectEqual(arrays, ["stored": expected, "packed": expected])
  }

  @Test func membersThatAreNoArraysArePassedOver() throws {
    try expectEqual(NPZArchive(reference("npy/small.npz")).names, ["a", "ü"])
  }

  @Test func aNameThatIsNotThereIsAnsweredWithThoseThatAre() throws {
    let error = try moultError { _ = try NPZArchive(reference("npy/small.npz")).read("b") }
    expectEqual(error.message, "NPZ: expected an array \"b\", got a, ü")
  }

  @Test func whatIsWrittenIsReadBackAndTheSameEveryTime() throws {
    let arrays = [
      "x": Tensor([[1, 2], [3, 4]]), "../../etc/y": Tensor([1, 2] as [UInt8], shape: [2]),
      "größe": Tensor([] as [Int64], shape: [0]),
    ]
    try withTemporaryFolder { folder in
      try NPZ.write(arrays, to: folder + "/a.npz")
      try expectEqual(NPZ.read(folder + "/a.npz"), arrays)
      try expectEqual(contents(folder + "/a.npz"), NPZ.encode(arrays))
      try expectEqual(names(in: folder), ["a.npz"])
    }
    try expectTrue(NPZ.decode(NPZ.encode([:]), location: "x").isEmpty)
  }

  @Test func cutAtAnyByteItIsRefused() throws {
    let bytes = try contents(reference("npy/small.npz"))
    for count in 0..<bytes.count {
      let error = try moultError { _ = try NPZ.decode(Array(bytes[..<count]), location: "x") }
      expectEqual(error.exitCode, 65, "\(count) bytes: \(error)")
    }
  }

  @Test func aDamagedByteIsSeenOrChangesNothing() throws {
    let bytes = try contents(reference("npy/small.npz"))
    let whole = try NPZ.decode(bytes, location: "x")
    var seen = 0
    for index in bytes.indices {
      for change: UInt8 in [0x01, 0x80, 0xFF] {
        var damaged = bytes
        damaged[index] ^= change
        do throws(MoultError) {
          let arrays = try NPZ.decode(damaged, location: "x")
          expectEqual(arrays, whole, "byte \(index) ^ \(change)")
        } catch {
          seen += 1
          expectEqual(error.exitCode, 65, "byte \(index) ^ \(change): \(error)")
        }
      }
    }
    // The rest are times, versions, attributes and the text that is no array.
    expectGreater(seen, bytes.count * 3 / 2)
  }

  @Test func theLimitIsOneForAllArrays() throws {
    let file = try NPZ.encode(["a": Tensor([1, 2]), "b": Tensor([3])])
    try expectEqual(NPZ.decode(file, location: "x", limit: 12).count, 2)
    let error = try moultError { _ = try NPZ.decode(file, location: "x", limit: 11) }
    expectTrue(error.message.contains("at most 3 bytes of numbers, got a header for 4"))
  }

  @Test func aMemberMustHoldExactlyItsArray() throws {
    for (content, message) in [
      (NPY.encode(Tensor([1, 2])) + [0], "expected 8 bytes of numbers for sizes [2], got 9"),
      (NPY.encode(Tensor([1, 2])).dropLast(), "expected 8 bytes of numbers for sizes [2], got 7"), ([], "x93NUMPY"),
    ] {
      var writer = ZipWriter()
      let file = try writer.member(named: "x.npy", Array(content)) + writer.end()
      let error = try moultError { _ = try NPZ.decode(file, location: "f") }
      expectTrue(error.message.contains(message), "\(error)")
    }
  }

  @Test func recordsOf64BitsAreWrittenAndRead() throws {
    var writer = ZipWriter(firstWide: (0, 0))
    var file: [UInt8] = []
    for name in ["a", "b"] { file += try writer.member(named: name + ".npy", NPY.encode(Tensor([1, 2]))) }
    file += writer.end()
    let plain = try NPZ.encode(["a": Tensor([1, 2]), "b": Tensor([1, 2])])
    expectGreater(file.count, plain.count)
    try expectEqual(NPZ.decode(file, location: "x"), ["a": Tensor([1, 2]), "b": Tensor([1, 2])])
    for count in 0..<file.count {
      #expect(throws: MoultError.self) { try NPZ.decode(Array(file[..<count]), location: "x") }
    }
  }

  /// Scripts/reference/check_npz.py reads the file with NumPy and knows what must be in it.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["MOULT_WRITE_NPZ"] != nil, "needs NumPy: see .ci/run"))
  func aFileForNumPyIsWritten() throws {
    let path = try unwrapped(ProcessInfo.processInfo.environment["MOULT_WRITE_NPZ"])
    let numbers = Tensor((0..<6).map { Float($0) / 4 }, shape: [2, 3])
    let arrays = [
      "float32": numbers, "float64": numbers.cast(to: .float64), "int64": numbers.cast(to: .int64),
      "int32": numbers.cast(to: .int32), "uint8": numbers.cast(to: .uint8), "bool": numbers.cast(to: .bool),
      "größe": numbers.transposed(), "scalar": Tensor(2.5), "empty": .zeros([0, 3]),
    ]
    try NPZ.write(arrays, to: path)
    var writer = ZipWriter(firstWide: (0, 0))
    let wide = try writer.member(named: "float32.npy", NPY.encode(numbers)) + writer.end()
    try AtomicFile.write(wide, to: path + ".wide.npz")
  }
}
