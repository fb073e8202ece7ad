import Moult
import MoultPlatform

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The folder of a training run's files.
struct RunFolder {
  let path: String

  var model: String { path + "/model.safetensors" }
  var configuration: String { path + "/config.json" }
  var metrics: String { path + "/metrics.jsonl" }
  /// The metrics as a CSV table.
  var table: String { path + "/metrics.csv" }
  /// The metrics for TensorBoard.
  var events: String { "\(path)/\(TensorBoardLog.fileName)" }
  /// The state from which an interrupted run is resumed.
  var checkpoint: String { path + "/checkpoint.safetensors" }
  var page: String { path + "/report.html" }
  /// The result of a comparison.
  var comparison: String { path + "/compare.json" }
  /// The folder of the page's charts, one file for each.
  var charts: String { path + "/charts" }

  /// Creates the folder, with its parent folders.
  ///
  /// A folder that contains files is refused unless `overwriting` is true, because files of two runs in one folder
  /// would contradict each other.
  init(path: String, overwriting: Bool) throws(MoultError) {
    self.path = path
    try Self.makeFolders(path)
    if !overwriting { try requireEmpty() }
  }

  /// Throws `.cannotWrite` if the folder is not empty.
  func requireEmpty() throws(MoultError) {
    if let entry = Self.firstEntry(of: path) {
      throw MoultError(
        .cannotWrite,
        "expected an empty or new folder, got one that holds \(entry); choose another name with --out, or add --force",
        location: path)
    }
  }

  /// Removes the files of an earlier run, to which the settings of the new run do not apply.
  func removeRun() throws(MoultError) {
    for file in [model, checkpoint, page, events, table] { try remove(file) }
    try? FileManager.default.removeItem(atPath: charts)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    where name.hasPrefix("model-") && name.hasSuffix(".safetensors") { try remove("\(path)/\(name)") }
  }

  /// Locks the folder, so that no other process can train in it.
  func lock() throws(MoultError) -> FolderLock {
    try FolderLock(
      folderItself: path,
      orThrow: MoultError(
        .usage, "another process trains in this folder; wait for it, or choose another one with --out", location: path))
  }

  /// Removes the results of an earlier comparison.
  func removeComparison() throws(MoultError) {
    for file in [page, comparison] { try remove(file) }
  }

  /// Removes the checkpoint.
  func removeCheckpoint() throws(MoultError) { try remove(checkpoint) }

  private func remove(_ file: String) throws(MoultError) {
    if unlink(file) != 0, errno != ENOENT {
      throw MoultError(
        .cannotWrite, "cannot remove the file of an earlier run", location: file,
        cause: String(cString: strerror(errno)))
    }
  }

  /// The folder of an existing run, which is resumed.
  init(existing path: String) { self.path = path }

  /// Creates a new folder in `parent`, named by time and seed.
  static func fresh(in parent: String, seed: UInt64) throws(MoultError) -> RunFolder {
    try fresh(in: parent, named: "seed\(seed)")
  }

  /// Creates a new folder in `parent`, named by time and `name`.
  static func fresh(in parent: String, named name: String) throws(MoultError) -> RunFolder {
    let base = "\(parent)/\(timestamp())-\(name)"
    try makeFolders(parent)
    var path = base
    var attempt = 1
    while mkdir(path, 0o777) != 0 {
      // If two runs start in the same second, a number is appended to the name.
      guard errno == EEXIST, attempt < 1_000 else { throw problem(path) }
      attempt += 1
      path = "\(base)-\(attempt)"
    }
    return try RunFolder(path: path, overwriting: false)
  }

  /// Returns the local time as `20260131-235959`.
  private static func timestamp() -> String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    func padded(_ value: Int32, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return padded(parts.tm_year + 1900, 4) + padded(parts.tm_mon + 1, 2) + padded(parts.tm_mday, 2) + "-"
      + padded(parts.tm_hour, 2) + padded(parts.tm_min, 2) + padded(parts.tm_sec, 2)
  }

  private static func makeFolders(_ path: String) throws(MoultError) {
    try CacheDirectory.make(path)
    guard let folder = opendir(path) else { throw problem(path) }
    closedir(folder)
  }

  private static func firstEntry(of path: String) -> String? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
          String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.min()
  }

  private static func problem(_ path: String) -> MoultError {
    MoultError(.cannotWrite, "cannot make the folder", location: path, cause: String(cString: strerror(errno)))
  }
}
