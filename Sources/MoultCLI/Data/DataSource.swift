import Moult
import MoultDigits
import MoultPlatform

/// The data that the DATA argument of `train` names.
enum DataSource: Equatable {
  case digits
  case mnist
  /// Four IDX files.
  case folder(String)
  /// A .npz file.
  case arrays(String)
  /// Images in a folder for each class.
  case images(String)
  /// A file of delimited text.
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

  /// The kind of data at `path`: of a file by its name, of a folder by its contents.
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

  /// How `config.json` and messages call it.
  var name: String {
    switch self {
    case .digits: "digits"
    case .mnist: "mnist"
    case .folder(let path), .arrays(let path), .images(let path), .table(let path): path
    }
  }

  /// Reads the data, or downloads them first.
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

  /// Throws for a setting that belongs to another kind of data.
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

  /// The parts of images and arrays, which may have no test part; nil for the other sources.
  ///
  /// - Parameter imageSize: The size that images of a folder are brought to.
  func parts(imageSize: PixelSize?) throws(MoultError) -> DatasetParts? {
    if case .images(let path) = self { return try Self.images(path, imageSize) }
    if case .arrays(let path) = self { return try NPZ.dataset(path) }
    return nil
  }

  private static func images(_ path: String, _ size: PixelSize?) throws(MoultError) -> DatasetParts {
    guard let folder = try ImageFolder(path) else { throw MoultError(.noInput, "expected images", location: path) }
    return try folder.load(size: size)
  }

  /// Reads inputs and labels, or downloads them first.
  ///
  /// - Parameters:
  ///   - imageSize: The size that images of a folder are brought to.
  ///   - splitSeed: Decides which samples are the test part where there is none; nil for the command's seed.
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
