/// The progress of the download of one file.
public struct DownloadProgress: Sendable {
  /// The name of the file, without `.gz`.
  public let file: String
  /// The number of (compressed) bytes that have been received.
  public let receivedBytes: Int
  /// The total number of (compressed) bytes; nil if the server does not report it.
  public let totalBytes: Int?
}
