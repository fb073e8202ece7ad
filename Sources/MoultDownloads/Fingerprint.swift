import MoultCore

#if canImport(CryptoKit)
  import CryptoKit

  /// Computes the SHA-256 of bytes that arrive in parts.
  package struct Fingerprint: ~Copyable {
    private var hash = SHA256()

    package init() {}

    /// Adds the next bytes.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    /// Returns the SHA-256 of all added bytes, in hexadecimal.
    package consuming func hexadecimal() throws(MoultError) -> String {
      let digits = Array("0123456789abcdef")
      return String(hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
  }
#else
  /// Computes the SHA-256 of bytes that arrive in parts, with a program of the system such as `sha256sum`.
  package struct Fingerprint: ~Copyable {
    private let program: ChecksumProgram

    /// Starts the program. ``hexadecimal()`` throws if that fails.
    package init() { program = ChecksumProgram(ChecksumProgram.sha256) }

    /// Adds the next bytes.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) { program.send(bytes) }

    /// Returns the SHA-256 of all added bytes, in hexadecimal.
    ///
    /// - Throws: An error of code `.failure` if the system has no such program, or if the program failed.
    package consuming func hexadecimal() throws(MoultError) -> String { try program.checksum(digits: 64) }
  }
#endif

/// Returns the SHA-256 of `bytes`, in hexadecimal.
///
/// - Throws: An error of code `.failure` if the system has no program that computes it.
package func sha256(_ bytes: [UInt8]) throws(MoultError) -> String {
  var fingerprint = Fingerprint()
  bytes.withUnsafeBytes { fingerprint.add($0) }
  return try fingerprint.hexadecimal()
}
