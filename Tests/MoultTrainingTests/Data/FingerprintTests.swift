import MoultTraining
import Testing

@Suite struct FingerprintTests {
  /// The examples of FIPS 180-4.
  @Test func digestsAreThoseOfTheStandard() {
    #expect(sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func partsGiveWhatTheWholeGives() {
    var fingerprint = Fingerprint()
    for part in ["a", "", "bc"] { Array(part.utf8).withUnsafeBytes { fingerprint.add($0) } }
    #expect(fingerprint.hexadecimal == sha256(Array("abc".utf8)))
    // Asking does not end it.
    Array("d".utf8).withUnsafeBytes { fingerprint.add($0) }
    #expect(fingerprint.hexadecimal == sha256(Array("abcd".utf8)))
  }
}
