import MoultCore
import MoultFormats
import MoultTraining

extension MNIST {
  /// The URLs of the folders that hold the files, in the order in which they are tried.
  public static let mirrors = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
  ]

  /// The four files of MNIST, with the size and SHA-256 of their uncompressed content.
  package static let remoteFiles = [
    RemoteFile(
      name: File.trainImages.rawValue, byteCount: 47_040_016,
      sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    RemoteFile(
      name: File.trainLabels.rawValue, byteCount: 60_008,
      sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    RemoteFile(
      name: File.testImages.rawValue, byteCount: 7_840_016,
      sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    RemoteFile(
      name: File.testLabels.rawValue, byteCount: 10_008,
      sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
  ]

  /// Downloads MNIST unless it is on this machine already, and returns the folder for `load(from:)`.
  ///
  /// Files that already have the right content are not downloaded again. A broken download is resumed, in this call or
  /// the next one. A file gets its final name only after the SHA-256 of its content has been checked. The call returns
  /// when all files are complete.
  ///
  /// - Parameters:
  ///   - directory: The folder for the files; nil for the folder `mnist` in `MOULT_CACHE`, `XDG_CACHE_HOME/moult` or
  ///     `~/.cache/moult`, whichever is set first.
  ///   - mirrors: The URLs of folders that hold the files, tried in order.
  ///   - progress: Called with the progress of the download, on another thread.
  /// - Returns: The path of the folder.
  /// - Throws: `.noInput` if no mirror has a file with the expected content, `.cannotWrite` if a file cannot be stored,
  ///   `.failure` if SHA-256 cannot be computed.
  public static func download(
    to directory: String? = nil, mirrors: [String] = mirrors,
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) throws(MoultError) -> String {
    let folder = if let directory { directory } else { try CacheDirectory.path() + "/mnist" }
    try Downloader(directory: folder, mirrors: mirrors, progress: progress).fetch(remoteFiles)
    return folder
  }
}
