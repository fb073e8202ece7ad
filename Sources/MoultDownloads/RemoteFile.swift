/// A file that is the same wherever it comes from.
package struct RemoteFile: Sendable {
  /// Its name without `.gz`.
  package let name: String
  /// The size of its uncompressed content.
  package let byteCount: Int
  /// The SHA-256 of its uncompressed content, in hexadecimal.
  package let sha256: String

  package init(name: String, byteCount: Int, sha256: String) {
    self.name = name
    self.byteCount = byteCount
    self.sha256 = sha256
  }
}
