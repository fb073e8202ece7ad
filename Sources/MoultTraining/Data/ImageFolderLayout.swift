import MoultCore
import MoultFormats

/// The paths of the images of a folder by class, found from the names of files and folders.
struct ImageFolderLayout {
  /// A class with its images.
  struct ClassFolder {
    let name: String
    /// The paths of the images of the class.
    let images: [String]
  }

  /// The classes of the training data, sorted by name; empty if no subfolder holds images.
  let train: [ClassFolder]
  /// The classes of the test data, sorted by name; nil if there are no test data.
  let test: [ClassFolder]?
  /// The number of files that are not images, and the number of folders that are not classes.
  let passedOver: (files: Int, folders: Int)

  init(_ path: String) throws(MoultError) {
    let top = try FolderListing(path)
    if top.folders.contains("train") {
      let part = try Self.classes(in: "\(path)/train")
      if !part.classes.isEmpty {
        var passedOver = (files: top.files.count + part.files, folders: part.folders)
        var test: [ClassFolder]?
        if top.folders.contains("test") {
          let other = try Self.classes(in: "\(path)/test")
          passedOver = (passedOver.files + other.files, passedOver.folders + other.folders)
          test = other.classes.isEmpty ? nil : other.classes
        }
        passedOver.folders += top.folders.count - 1 - (test == nil ? 0 : 1)
        (train, self.test, self.passedOver) = (part.classes, test, passedOver)
        return
      }
    }
    let all = try Self.classes(in: path)
    (train, test, passedOver) = (all.classes, nil, (all.files, all.folders))
  }

  /// Whether a file name has the extension of an image, .png, .jpg or .jpeg, in upper or lower case.
  static func isImage(_ name: String) -> Bool {
    let lowercased = name.lowercased()
    return [".png", ".jpg", ".jpeg"].contains { lowercased.hasSuffix($0) }
  }

  /// Returns the subfolders of `path` that hold images, the number of files that are not images, and the number of
  /// folders that are not classes.
  private static func classes(
    in path: String
  ) throws(MoultError) -> (classes: [ClassFolder], files: Int, folders: Int) {
    let listing = try FolderListing(path)
    var classes: [ClassFolder] = []
    var (files, folders) = (listing.files.count, 0)
    for name in listing.folders {
      let inside = try FolderListing("\(path)/\(name)")
      let images = inside.files.filter(isImage)
      guard !images.isEmpty else {
        folders += 1
        continue
      }
      files += inside.files.count - images.count
      folders += inside.folders.count
      classes.append(ClassFolder(name: name, images: images.map { "\(path)/\(name)/\($0)" }))
    }
    return (classes, files, folders)
  }
}
