import MoultCore
import MoultPlatform

/// A listing of the folders and files in a folder, sorted by the bytes of their names.
package struct FolderListing {
  /// The names of the subfolders.
  package private(set) var folders: [String] = []
  /// The names of the regular files.
  package private(set) var files: [String] = []

  /// Lists the folder at `path`, without hidden entries (names that begin with a dot). Symbolic links are followed.
  ///
  /// - Throws: `.noInput` if the folder cannot be read.
  package init(_ path: String) throws(MoultError) {
    guard let folder = opendir(path) else {
      throw MoultError(
        .noInput, "expected a folder that can be read", location: path, cause: SystemCallError(errno).text)
    }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
          String(cString: $0)
        }
      }
      var information = stat()
      guard !name.hasPrefix("."), stat("\(path)/\(name)", &information) == 0 else { continue }
      switch information.st_mode & S_IFMT {
      case S_IFDIR: folders.append(name)
      case S_IFREG: files.append(name)
      default: break
      }
    }
    folders.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    files.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
