import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct ZipArchiveTests {
  /// A file with these members, which are arrays of one byte.
  private static func file(_ names: [String]) throws -> [UInt8] {
    var writer = ZipWriter()
    var bytes: [UInt8] = []
    for name in names { bytes += try writer.member(named: name, NPY.encode(Tensor([7] as [UInt8], shape: [1]))) }
    return bytes + writer.end()
  }

  /// Where each record with this signature begins.
  private static func places(of signature: [UInt8], in bytes: [UInt8]) -> [Int] {
    bytes.indices.filter { bytes[$0...].starts(with: signature) }
  }

  private static func list(in bytes: [UInt8]) -> [Int] { places(of: [0x50, 0x4B, 1, 2], in: bytes) }

  private static func refusal(_ bytes: [UInt8]) throws -> String {
    let error = try moultError { _ = try NPZArchive(bytes, location: "x.npz") }
    expectEqual(error.exitCode, 65)
    expectEqual(error.location, "x.npz")
    return error.message
  }

  @Test func whatIsNoArchiveSaysSo() throws {
    try expectTrue(Self.refusal([]).contains("no zip file"))
    try expectTrue(Self.refusal(Array("x,y\n1,2\n".utf8)).contains("no zip file"))
  }

  @Test func aNameThatComesTwiceIsRefused() throws {
    try expectTrue(Self.refusal(Self.file(["a.npy", "a.npy"])).contains("a duplicate of \"a.npy\""))
  }

  @Test func twoSpellingsOfOneNameAreRefused() throws {
    try expectTrue(Self.refusal(Self.file(["\u{e9}.npy", "e\u{301}.npy"])).contains("two spellings of one"))
  }

  @Test func encryptedMembersAreRefused() throws {
    var bytes = try Self.file(["a.npy"])
    bytes[6] |= 1
    bytes[Self.list(in: bytes)[0] + 8] |= 1
    try expectTrue(Self.refusal(bytes).contains("got encrypted; save it without a password"))
  }

  @Test func otherMethodsAreRefused() throws {
    var bytes = try Self.file(["a.npy"])
    bytes[8] = 12
    bytes[Self.list(in: bytes)[0] + 10] = 12
    try expectTrue(Self.refusal(bytes).contains("expected method 0 (stored) or 8 (deflate), got 12"))
  }

  @Test func membersInsideOneAnotherAreRefused() throws {
    // The second entry points to the first member, as in archives that unpack to far more than they hold.
    var bytes = try Self.file(["a.npy", "b.npy"])
    let entries = Self.list(in: bytes)
    bytes.replaceSubrange((entries[1] + 42)..<(entries[1] + 46), with: [0, 0, 0, 0])
    bytes[entries[1] + 46] = UInt8(ascii: "a")
    try expectTrue(Self.refusal(bytes).contains("a duplicate of"))
    bytes = try Self.file(["a.npy", "b.npy"])
    // The first member now reaches over the second one.
    let size = UInt8(bytes[entries[0] + 20] + 60)
    for place in [18, 22, entries[0] + 20, entries[0] + 24] { bytes[place] = size }
    try expectTrue(Self.refusal(bytes).contains("got \"b.npy\" inside \"a.npy\""))
  }

  @Test func aHeaderThatContradictsTheListIsRefused() throws {
    let whole = try Self.file(["a.npy"])
    for (place, message) in [
      (0, "something else"), (6, "the name, flags"), (8, "the name, flags"), (30, "the name, flags"),
      (14, "sizes and checksum"), (18, "sizes and checksum"), (22, "sizes and checksum"),
    ] {
      var bytes = whole
      bytes[place] ^= 1
      try expectTrue(Self.refusal(bytes).contains(message), "byte \(place)")
    }
  }

  @Test func bytesBeforeOrBehindTheArchiveAreRefused() throws {
    let bytes = try Self.file(["a.npy"])
    try expectTrue(Self.refusal([0] + bytes).contains("before or behind the archive"))
    try expectTrue(Self.refusal(bytes + [0]).contains("no zip file"))
  }

  @Test func aCommentAtTheEndIsAllowed() throws {
    var bytes = try Self.file(["a.npy"])
    bytes[bytes.count - 2] = 3
    try expectEqual(NPZArchive(bytes + Array("PK!".utf8), location: "x").names, ["a"])
  }

  @Test func aListOfMoreOrFewerMembersThanDeclaredIsRefused() throws {
    for (count, message) in [(UInt8(1), "a list of 1 members"), (3, "too small for them")] {
      var bytes = try Self.file(["a.npy", "b.npy"])
      bytes[bytes.count - 14] = count
      bytes[bytes.count - 12] = count
      try expectTrue(Self.refusal(bytes).contains(message), "\(count)")
    }
  }

  @Test func aDamagedListIsRefused() throws {
    var bytes = try Self.file(["a.npy", "b.npy"])
    bytes[Self.list(in: bytes)[1]] = 0
    try expectTrue(Self.refusal(bytes).contains("expected another entry at byte 51 of the list"))
  }

  @Test func aPartOfSeveralDisksIsRefused() throws {
    var bytes = try Self.file(["a.npy"])
    bytes[bytes.count - 18] = 1
    try expectTrue(Self.refusal(bytes).contains("in one piece"))
  }

  @Test func aWrongChecksumIsRefused() throws {
    var bytes = try Self.file(["a.npy"])
    let last = Self.list(in: bytes)[0] - 1
    bytes[last] ^= 1
    let error = try moultError { _ = try NPZ.decode(bytes, location: "x") }
    expectTrue(error.message.contains("expected the checksum that the file declares"))
    expectEqual(error.location, "x, a.npy")
  }

  @Test func aPackedMemberThatPromisesMoreThanItCanHoldIsRefusedUnpacked() throws {
    var bytes = try contents(reference("npy/small.npz"))
    let (header, entry) = (Self.places(of: [0x50, 0x4B, 3, 4], in: bytes)[1], Self.list(in: bytes)[1])
    // 2^31 bytes in 75.
    for place in [header + 22, entry + 24] { bytes.replaceSubrange(place..<(place + 4), with: [0, 0, 0, 0x80]) }
    let error = try moultError { _ = try NPZ.decode(bytes, location: "x") }
    expectTrue(error.message.contains("a content that 75 packed bytes can hold, got 2147483648"))
  }

  @Test func aPackedMemberThatHoldsMoreThanDeclaredIsRefused() throws {
    var bytes = try contents(reference("npy/small.npz"))
    let (header, entry) = (Self.places(of: [0x50, 0x4B, 3, 4], in: bytes)[1], Self.list(in: bytes)[1])
    // Declared are four bytes less, and the array's header agrees with neither.
    for place in [header + 22, entry + 24] { bytes[place] = 136 }
    let error = try moultError { _ = try NPZ.decode(bytes, location: "x") }
    expectTrue(error.message.contains("expected 12 bytes of numbers for sizes [3], got 8"))
  }
}
