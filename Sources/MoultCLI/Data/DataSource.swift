import Moult
import MoultDigits
import MoultPlatform

/// The kind of data that the argument DATA of `train` names.
enum DataSource: Equatable {
  case digits
  case mnist
  /// A folder with four IDX files.
  case folder(String)
  /// A .npz file.
  case arrays(String)
  /// A folder with a subfolder of images for each class.
  case images(String)
  /// A table in a file of delimited text.
  case table(String)

  static let accepted =
    "expected digits (bundled), mnist (downloaded once), a table (CSV), a .npz file, or a folder of IDX files or of images "
    + "by class"

  init(_ text: String) throws(MoultError) {
    switch text {
    case "digits": self = .digits
    case "mnist": self = .mnist
    default: self = try Self.file(at: text)
    }
  }

  /// Returns the kind of data at `path`: for a file by its name, for a folder by its contents.
  private static func file(at path: String) throws(MoultError) -> DataSource {
    var information = stat()
    guard stat(path, &information) == 0 else {
      let cause = String(cString: strerror(errno))
      throw MoultError(
        .noInput, "\(accepted), got '\(path)'; \(nearHint(path, among: ["digits", "mnist"]))is the path right?",
        cause: cause)
    }
    guard information.st_mode & S_IFMT == S_IFDIR else {
      if path.lowercased().hasSuffix(".npz") { return .arrays(path) }
      return .table(path)
    }
    if MNIST.hasFiles(in: path) { return .folder(path) }
    if try ImageFolder(path) != nil { return .images(path) }
    throw MoultError(
      .noInput,
      "expected four IDX files (\(MNIST.File.trainImages.rawValue) and the like, also as .gz), or a folder of .png, "
        + ".jpg or .jpeg images for each class (also below train and test), got neither; of a table or .npz file, name "
        + "the file itself",
      location: path)
  }

  /// The name of the data in `config.json` and messages.
  var name: String {
    switch self {
    case .digits: "digits"
    case .mnist: "mnist"
    case .folder(let path), .arrays(let path), .images(let path), .table(let path): path
    }
  }

  /// Reads the data, downloading them if necessary.
  func trainingData(_ overrides: TrainingOptions, common: CommonOptions) throws(MoultError) -> TrainingData {
    try check(overrides)
    if case .table(let path) = self { return try TrainingData(table: path, overrides) }
    guard let parts = try parts(imageSize: overrides.settings.imageSize) else {
      return TrainingData(images: try load(common: common))
    }
    if !parts.passedOver.isEmpty {
      common.message("\(name): passed over: \(parts.passedOver.joined(separator: ", "))")
    }
    let data = try TrainingData(
      parts, splitSeed: overrides.settings.splitSeed ?? overrides.seed ?? 0, location: name)
    if let note = data.scaleNote { common.message("note: \(name): \(note)") }
    return data
  }

  /// Throws `.usage` for a setting that applies only to another kind of data.
  private func check(_ overrides: TrainingOptions) throws(MoultError) {
    func refuse(_ option: String, _ kind: String) -> MoultError {
      MoultError(.usage, "--\(option): expected with \(kind) only, got \(name); leave it out")
    }
    var isTable = false, isImages = false
    if case .table = self { isTable = true }
    if case .images = self { isImages = true }
    if !isTable, let setting = Setting.table.first(where: { $0.isSet(overrides) }) {
      throw refuse(setting.option, "a table")
    }
    if !isImages, overrides.settings.imageSize != nil { throw refuse("image-size", "a folder of images") }
  }

  /// Returns the parts of images and arrays, which may have no test part; nil for other sources.
  ///
  /// - Parameter imageSize: The size to which images of a folder are resized; nil to leave them as they are.
  func parts(imageSize: PixelSize?) throws(MoultError) -> DatasetParts? {
    if case .images(let path) = self { return try Self.images(path, imageSize) }
    if case .arrays(let path) = self { return try NPZ.dataset(path) }
    return nil
  }

  private static func images(_ path: String, _ size: PixelSize?) throws(MoultError) -> DatasetParts {
    guard let folder = try ImageFolder(path) else { throw MoultError(.noInput, "expected images", location: path) }
    return try folder.load(size: size)
  }

  /// Reads inputs and labels, downloading them if necessary.
  ///
  /// - Parameters:
  ///   - common: The common options.
  ///   - imageSize: The size to which images of a folder are resized; nil to leave them as they are.
  ///   - splitSeed: The seed of the random split into training and test part, if the data have no test part; nil for
  ///     the command's seed.
  func load(
    common: CommonOptions, imageSize: PixelSize? = nil, splitSeed: UInt64? = nil
  ) throws(MoultError) -> DatasetPair {
    switch self {
    case .digits: try BundledDigits.load()
    case .mnist: try MNISTCache.load(common: common)
    case .folder(let path): try MNIST.load(from: path)
    case .arrays(let path): try NPZ.dataset(path).pair(splitSeed: splitSeed ?? common.seed, location: path)
    case .images(let path): try Self.images(path, imageSize).pair(splitSeed: splitSeed ?? common.seed, location: path)
    case .table(let path):
      throw MoultError(
        .usage, "expected digits, mnist, a .npz file or a folder of images here, got a table", location: path)
    }
  }
}
