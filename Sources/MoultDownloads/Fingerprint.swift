import MoultCore

#if canImport(CryptoKit)
  import CryptoKit

  /// The SHA-256 of bytes that come in parts.
  package struct Fingerprint: ~Copyable {
    private var hash = SHA256()

    package init() {}

    /// Takes the next bytes.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    /// The hash of all bytes, in hexadecimal.
    package consuming func hexadecimal() throws(MoultError) -> String {
      let digits = Array("0123456789abcdef")
      return String(hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
  }
#else
  /// The SHA-256 of bytes that come in parts, computed by the system's own program.
  package struct Fingerprint: ~Copyable {
    private let program: ChecksumProgram

    /// Starts the program. An error waits until the hash is asked for.
    package init() { program = ChecksumProgram(ChecksumProgram.sha256) }

    /// Takes the next bytes.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) { program.send(bytes) }

    /// The hash of all bytes, in hexadecimal.
    ///
    /// - Throws: An error of code `.failure` if the system has no such program, or if the program failed.
    package consuming func hexadecimal() throws(MoultError) -> String { try program.checksum(digits: 64) }
  }
#endif

/// The SHA-256 of `bytes` in hexadecimal.
package func sha256(_ bytes: [UInt8]) throws(MoultError) -> String {
  var fingerprint = Fingerprint()
  bytes.withUnsafeBytes { fingerprint.add($0) }
  return try fingerprint.hexadecimal()
}
