import Foundation
import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct SafeTensorsTests {
  @Test func whatTheReferenceWroteIsRead() throws {
    let (tensors, metadata) = try SafeTensors.read(reference("safetensors/every_dtype.safetensors"))
    expectEqual(metadata, ["format": "pt"])
    expectEqual(tensors.count, 7)
    expectEqual(tensors["weights.f32"], Tensor([0, 0.25, 0.5, 0.75, 1, 1.25] as [Float], shape: [2, 3]))
    expectEqual(tensors["scalar.i64"], Tensor([-(1 << 62)] as [Int64], shape: []))
    expectEqual(tensors["i32"], Tensor([.max, .min] as [Int32], shape: [2, 1]))
    expectEqual(tensors["bytes.u8"], Tensor((0..<256).map { UInt8($0) }, shape: [2, 2, 64]))
    expectEqual(tensors["flags.bool"], Tensor([true, false, true], shape: [3]))
    expectEqual(tensors["empty.f32"]?.shape, [0, 4])
    let doubles = try unwrapped(tensors["a.f64"]).scalars(as: Double.self)
    expectEqual(doubles[..<3].map(\.bitPattern), [1 / 3, -0.0, .infinity].map(\.bitPattern))
    expectTrue(doubles[3].isNaN)
  }

  @Test func namesAreNamesWhateverTheyHold() throws {
    let (tensors, metadata) = try SafeTensors.read(reference("safetensors/names.safetensors"))
    expectEqual(
      tensors.mapValues { $0.scalars(as: UInt8.self) },
      [
        "../../etc/x": [1], "a \"quoted\" \\ name": [2], "tab\tand\nline\u{1}": [3], "größe.重み.🦜": [4], "": [5],
      ])
    expectEqual(metadata, ["made by": "\"us\" / \u{1F} é"])
  }

  @Test(arguments: ["every_dtype", "names", "no_tensors"])
  func whatIsReadIsWrittenAsTheReferenceWroteIt(name: String) throws {
    let path = reference("safetensors/\(name).safetensors")
    let (tensors, metadata) = try SafeTensors.read(path)
    try withTemporaryFolder { folder in
      try SafeTensors.write(tensors, metadata: metadata, to: "\(folder)/x")
      try expectEqual(contents("\(folder)/x"), contents(path))
    }
    try expectEqual(SafeTensors.encode(tensors, metadata: metadata), contents(path))
  }

  @Test func halvesBecomeFloatsExactly() throws {
    let (tensors, _) = try SafeTensors.read(reference("safetensors/halves.safetensors"))
    for name in ["half", "bfloat"] {
      let read = try unwrapped(tensors[name]).scalars(as: Float.self)
      let expected = try unwrapped(tensors["\(name).expected"]).scalars(as: Float.self)
      expectEqual(read.map(\.bitPattern), expected.map(\.bitPattern))
    }
    expectEqual(tensors["half"]?.dtype, .float32)
  }

  @Test func halvesThatAreKeptAreWrittenAsTheReferenceWroteThem() throws {
    let path = reference("safetensors/halves.safetensors")
    let (tensors, metadata) = try SafeTensors.read(path, keepingHalfPrecision: true)
    expectEqual(tensors["half"]?.dtype, .float16)
    expectEqual(tensors["bfloat"]?.dtype, .bfloat16)
    try expectEqual(SafeTensors.encode(tensors, metadata: metadata), contents(path))
    let decoded = try SafeTensors.decode(contents(path), location: "x", keepingHalfPrecision: true).tensors
    for name in ["half", "bfloat"] {
      let read = try unwrapped(decoded[name]).cast(to: .float32).scalars(as: Float.self)
      let expected = try unwrapped(tensors["\(name).expected"]).scalars(as: Float.self)
      expectEqual(read.map(\.bitPattern), expected.map(\.bitPattern))
    }
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func everyHalfIsWhatTheProcessorMakesOfIt() throws {
      let header = Array("{\(SafeTensorsCorpusTests.entry("h", "F16", "[65536]", 0, 131_072))}".utf8)
      let values = (0...UInt16.max).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      let (tensors, _) = try SafeTensors.decode(SafeTensorsCorpusTests.file(header) + values, location: "x")
      let read = try unwrapped(tensors["h"]).scalars(as: Float.self)
      for (bits, value) in read.enumerated() {
        let expected = Float(Float16(bitPattern: UInt16(bits)))
        // Processors make NaNs quiet; the bits of a NaN in a file are kept.
        expectTrue(value.isNaN ? expected.isNaN : value.bitPattern == expected.bitPattern, "\(bits)")
      }
    }
  #endif

  @Test func typesWithoutATensorAreListedButNotRead() throws {
    let path = reference("safetensors/without_tensor_type.safetensors")
    let header = try SafeTensors.readHeader(path)
    expectEqual(header.entries.map(\.dtype), [.uint64, .float32, .int16, .int8])
    expectEqual(header.entries.map(\.name), ["unsigned", "fine", "short", "signed_byte"])
    let error = try moultError { _ = try SafeTensors.read(path) }
    expectTrue(error.message.contains("tensor \"unsigned\""))
    expectTrue(error.message.contains("U64"))
    expectTrue(error.message.contains("convert it"))
  }

  @Test func everyTypeParsesWithItsSize() throws {
    for dtype in SafeTensorsDType.allCases {
      let file = SafeTensorsCorpusTests.file(
        "{\(SafeTensorsCorpusTests.entry("a", dtype.rawValue, "[8]", 0, dtype.bitCount))}", dtype.bitCount)
      try withTemporaryFolder { folder in
        try place(file, at: "\(folder)/x")
        try expectEqual(SafeTensors.readHeader("\(folder)/x").entries.first?.dtype, dtype)
      }
    }
  }

  @Test func equalContentGivesEqualBytes() throws {
    let names = (0..<50).map { "layer\($0).weight" }
    func tensors(_ order: [String]) -> [String: Tensor] {
      var result: [String: Tensor] = [:]
      for name in order { result[name] = Tensor([Float(name.utf8.count)], shape: [1]) }
      return result
    }
    let metadata = ["b": "2", "a": "1", "c": "3"]
    let first = try SafeTensors.encode(tensors(names), metadata: metadata)
    try expectEqual(SafeTensors.encode(tensors(names.reversed()), metadata: metadata), first)
    let start = "{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"},"
    expectTrue(String(decoding: first[8...], as: UTF8.self).hasPrefix(start))
  }

  @Test func numbersBeginAtAMultipleOfEight() throws {
    for length in 0..<20 {
      let bytes = try SafeTensors.encode([String(repeating: "n", count: length): Tensor([1])])
      expectEqual((bytes.count - 4) % 8, 0)
    }
  }

  @Test func theReservedNameIsRefused() throws {
    let error = try moultError { _ = try SafeTensors.encode(["__metadata__": Tensor([1])]) }
    expectTrue(error.message.contains("__metadata__"))
  }

  @Test func aFailedWriteLeavesTheOldFile() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/model.safetensors"
      try SafeTensors.write(["a": Tensor([1])], to: path)
      let old = try contents(path)
      #expect(throws: MoultError.self) { try SafeTensors.write(["__metadata__": Tensor([1])], to: path) }
      try expectEqual(contents(path), old)
      try expectEqual(names(in: folder), ["model.safetensors"])
    }
  }

  @Test func aFileThatIsNotThereSaysSo() throws {
    let error = try moultError { _ = try SafeTensors.read("/no/such/model.safetensors") }
    expectEqual(error.exitCode, 66)
    expectEqual(error.location, "/no/such/model.safetensors")
  }
}
