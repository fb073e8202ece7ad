/// How far a download is.
public struct DownloadProgress: Sendable {
  /// The file's name.
  public let file: String
  /// The bytes that are there.
  public let receivedBytes: Int
  /// The bytes that there will be, where the server says it.
  public let totalBytes: Int?
}
