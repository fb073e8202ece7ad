import MoultDownloads
import MoultTestSupport
import Testing

@Suite struct FingerprintTests {
  /// The examples of FIPS 180-4.
  @Test func digestsAreThoseOfTheStandard() throws {
    try expectEqual(sha256([]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    try expectEqual(sha256(Array("abc".utf8)), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func partsGiveWhatTheWholeGives() throws {
    var fingerprint = Fingerprint()
    for part in ["a", "", "bc"] { Array(part.utf8).withUnsafeBytes { fingerprint.add($0) } }
    let parts = try fingerprint.hexadecimal()
    try expectEqual(parts, sha256(Array("abc".utf8)))
  }

  /// More bytes than any buffer between two processes holds. The digest is that of Python's hashlib.
  @Test func manyBytesGiveTheDigestOfTheStandard() throws {
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
    try expectEqual(sha256(bytes), "9e3b94791518aed853829ea7fff37763aea7053e3c6bdab695c93082fddb4152")
  }
}
