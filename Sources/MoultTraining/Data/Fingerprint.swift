import Crypto

/// The SHA-256 of bytes that come in parts.
package struct Fingerprint {
  private var hash = SHA256()

  package init() {}

  /// Takes the next bytes.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

  /// What all bytes so far give, in hexadecimal.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    return String(hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

/// The SHA-256 of `bytes` in hexadecimal.
package func sha256(_ bytes: [UInt8]) -> String {
  var fingerprint = Fingerprint()
  bytes.withUnsafeBytes { fingerprint.add($0) }
  return fingerprint.hexadecimal
}
