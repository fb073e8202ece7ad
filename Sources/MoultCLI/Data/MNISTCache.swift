import Moult
import MoultDownloads
import MoultPlatform
import Synchronization

/// The whole MNIST data set in the cache folder.
enum MNISTCache {
  static let trainCount = 60_000
  static let testCount = 10_000

  /// Returns the path of the folder for the files, which may not exist yet.
  static func folder() throws(MoultError) -> String {
    try CacheDirectory.path() + "/mnist"
  }

  /// Returns whether all four files exist. `load` checks their content.
  static func isComplete(_ folder: String) -> Bool {
    MNIST.remoteFiles.allSatisfy { file in
      [file.name, file.name + ".gz"].contains { access("\(folder)/\($0)", R_OK) == 0 }
    }
  }

  /// Downloads missing files, checks all of them, and reads them.
  static func load(common: CommonOptions) throws(MoultError) -> DatasetPair {
    let folder = try folder()
    if !isComplete(folder) { common.message("mnist: downloading about 11 MB to \(folder)") }
    let announcer = common.quiet ? nil : DownloadAnnouncer()
    return try MNIST.load(from: try MNIST.download(to: folder) { announcer?.announce($0) })
  }
}

/// Prints a message for each file that is downloaded.
private final class DownloadAnnouncer: Sendable {
  private let announced = Mutex<String?>(nil)

  func announce(_ progress: DownloadProgress) {
    let isNew = announced.withLock { name in
      defer { name = progress.file }
      return name != progress.file
    }
    if isNew {
      let size = progress.totalBytes.map { ", \(NumberFormat.grouped($0)) bytes" } ?? ""
      Console.message("mnist: \(progress.file)\(size)")
    }
  }
}
