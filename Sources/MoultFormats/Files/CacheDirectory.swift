import MoultCore
import MoultPlatform

/// The folder in which downloads are cached.
package enum CacheDirectory {
  /// Returns the cache folder: `MOULT_CACHE`, else `XDG_CACHE_HOME/moult`, else `~/.cache/moult`.
  ///
  /// - Throws: `.cannotWrite` if none of the environment variables is set.
  package static func path(
    environment: (String) -> String? = environmentVariable
  ) throws(MoultError) -> String {
    if let path = environment("MOULT_CACHE"), !path.isEmpty { return path }
    // The XDG specification says to ignore a relative path.
    if let path = environment("XDG_CACHE_HOME"), path.hasPrefix("/") { return path + "/moult" }
    if let home = environment("HOME"), !home.isEmpty { return home + "/.cache/moult" }
    throw MoultError(
      .cannotWrite, "expected a place to keep downloads: set MOULT_CACHE to a folder (HOME is not set either)")
  }

  /// Creates a folder, with its parent folders if they are missing.
  ///
  /// - Throws: `.cannotWrite` if a folder cannot be created.
  package static func make(_ path: String) throws(MoultError) {
    var end = path.startIndex
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      let folder = String(path[..<end])
      if mkdir(folder, 0o755) != 0 {
        let error = SystemCallError(errno)
        if exists(folder) { continue }
        throw MoultError(
          .cannotWrite, "expected a folder that can be made, cannot make \(folder); choose another place",
          location: path, cause: error.text)
      }
    }
  }

  /// Returns the value of an environment variable; nil if it is not set.
  package static func environmentVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// Returns whether a file or folder exists at `path`.
package func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
