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
  case table(String)

  static let accepted = "expected digits (bundled), mnist (downloaded once), a folder of IDX files, or a table"

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
    return information.st_mode & S_IFMT == S_IFDIR ? .folder(path) : .table(path)
  }

  /// How `config.json` and messages call it.
  var name: String {
    switch self {
    case .digits: "digits"
    case .mnist: "mnist"
    case .folder(let path), .table(let path): path
    }
  }

  /// Reads what is to be learned, or fetches it first.
  func problem(_ given: GivenSettings, common: CommonOptions) throws(MoultError) -> LearningProblem {
    if case .table(let path) = self { return try LearningProblem(table: path, given) }
    if given.target != nil {
      throw MoultError(.usage, "--target: expected with a table only, got \(name)")
    }
    return LearningProblem(images: try load(common: common))
  }

  /// Reads the images, or fetches them first.
  func load(common: CommonOptions) throws(MoultError) -> DatasetPair {
    switch self {
    case .digits: try BundledDigits.load()
    case .mnist: try MNISTCache.load(common: common)
    case .folder(let path): try MNIST.load(from: path)
    case .table(let path): throw MoultError(.usage, "expected images here, got a file", location: path)
    }
  }
}
