import Moult
import MoultDigits

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the DATA argument of `train` names.
enum DataSource: Equatable {
  case digits
  case mnist
  case folder(String)

  static let accepted = "expected digits (bundled), mnist (downloaded once) or a folder of IDX files"

  init(_ text: String) throws(MoultError) {
    switch text {
    case "digits": self = .digits
    case "mnist": self = .mnist
    default: self = try Self.folder(at: text)
    }
  }

  private static func folder(at path: String) throws(MoultError) -> DataSource {
    var information = stat()
    guard stat(path, &information) == 0 else {
      throw MoultError(.noInput, "\(accepted), got '\(path)'", cause: String(cString: strerror(errno)))
    }
    guard information.st_mode & S_IFMT == S_IFDIR else {
      throw MoultError(.usage, "\(accepted), got a file; other kinds of files are not read yet", location: path)
    }
    return .folder(path)
  }

  /// How `config.json` and messages call it.
  var name: String {
    switch self {
    case .digits: "digits"
    case .mnist: "mnist"
    case .folder(let path): path
    }
  }

  /// Reads what is to be learned, or fetches it first.
  func problem(common: CommonOptions) throws(MoultError) -> LearningProblem {
    LearningProblem(images: try load(common: common))
  }

  /// Reads the images, or fetches them first.
  func load(common: CommonOptions) throws(MoultError) -> DatasetPair {
    switch self {
    case .digits: try BundledDigits.load()
    case .mnist: try MNISTCache.load(common: common)
    case .folder(let path): try MNIST.load(from: path)
    }
  }
}
