import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct GzipTests {
  /// `python3 -c "import gzip; print(list(gzip.compress(b'moult', 9, mtime=0)))"`, Python 3.11.
  static let moult: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 205, 47, 205, 41, 1, 0, 129, 152, 223, 8, 5, 0, 0, 0,
  ]

  @Test func whatPythonPackedComesOut() throws {
    try expectEqual(Gzip.decompress(Self.moult, limit: 5), Array("moult".utf8))
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 1_000_000])
  func whatGoesInComesOut(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 5) }
    let packed = try Gzip.compress(bytes)
    try expectEqual(Gzip.decompress(packed, limit: count), bytes)
    try expectEqual(Gzip.compress(bytes), packed)
  }

  @Test func severalMembersAreOneText() throws {
    try expectEqual(Gzip.decompress(Self.moult + Self.moult, limit: 10), Array("moultmoult".utf8))
  }

  @Test func trailingBytesAreRefused() throws {
    for tail: [UInt8] in [[0], [0x1f], Array("garbage".utf8)] {
      let error = try moultError { _ = try Gzip.decompress(Self.moult + tail, limit: 100) }
      expectTrue(error.message.contains("another member at byte 25"))
    }
  }

  @Test func everyTruncationIsSeen() throws {
    for count in 0..<Self.moult.count {
      let error = try moultError { _ = try Gzip.decompress(Array(Self.moult[..<count]), limit: 100) }
      expectTrue(error.message.contains("cut short"), "\(count) bytes: \(error.message)")
    }
    #expect(throws: MoultError.self) { try Gzip.decompress(Self.moult + Self.moult.dropLast(3), limit: 100) }
  }

  @Test func everyDamagedBitOfContentAndChecksumIsSeen() throws {
    var unseen: [String] = []
    for index in 10..<Self.moult.count {
      for bit in 0..<8 {
        var damaged = Self.moult
        damaged[index] ^= 1 << UInt8(bit)
        if let content = try? Gzip.decompress(damaged, limit: 100) {
          expectEqual(content, Array("moult".utf8))
          unseen.append("\(index).\(bit)")
        }
      }
    }
    // Byte 16 is the last of the deflate stream, which ends within it: the rest is padding.
    expectEqual(unseen, (2..<8).map { "16.\($0)" })
  }

  @Test func aWrongChecksumIsNamed() throws {
    var damaged = Self.moult
    damaged[17] ^= 1
    let error = try moultError { _ = try Gzip.decompress(damaged, limit: 5, location: "x.gz") }
    expectEqual(error.cause, "incorrect data check")
    expectEqual(error.location, "x.gz")
  }

  @Test func aBombStopsAtTheLimit() throws {
    // 64 MiB of zeros in 64 KiB: it must not be unpacked to see that it is too much.
    let bomb = try Gzip.compress([UInt8](repeating: 0, count: 64 << 20))
    expectLess(bomb.count, 80_000)
    let error = try moultError { _ = try Gzip.decompress(bomb, limit: 1000) }
    expectTrue(error.message.contains("at most 1000 bytes"))
  }

  @Test func theLimitItselfIsAllowed() throws {
    try expectEqual(Gzip.decompress(Self.moult, limit: 5).count, 5)
    #expect(throws: MoultError.self) { try Gzip.decompress(Self.moult, limit: 4) }
  }

  @Test func membersBeyondTheWindowComeOut() throws {
    // Nothing that deflate could shrink, so that a member is longer than what is in memory at a time.
    var state: UInt64 = 1
    let bytes = (0..<1_500_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    let packed = try Gzip.compress(bytes)
    expectGreater(packed.count, 1 << 20)
    try expectEqual(Gzip.decompress(packed + packed, limit: 3_000_000), bytes + bytes)
  }
}
