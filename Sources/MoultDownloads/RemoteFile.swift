/// A file with known content that mirrors hold as `NAME.gz`.
package struct RemoteFile: Sendable {
  /// The name of the file, without `.gz`.
  package let name: String
  /// The size of the uncompressed content, in bytes.
  package let byteCount: Int
  /// The SHA-256 of the uncompressed content, in hexadecimal.
  package let sha256: String

  package init(name: String, byteCount: Int, sha256: String) {
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
  }
}
