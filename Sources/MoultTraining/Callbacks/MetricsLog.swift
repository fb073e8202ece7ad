import MoultCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes one JSON object per epoch to a file (`metrics.jsonl`), each line handed to the system before the next epoch
/// begins: it outlives the program, though perhaps not a loss of power.
///
/// The names are those of `EpochRecord`: a line decodes as one.
public final class MetricsLog: Callback {
  /// Where the lines go.
  public let path: String
  private let file: UnsafeMutablePointer<FILE>

  /// Creates the file, or empties it when it exists.
  public init(path: String) throws(MoultError) {
    guard let file = fopen(path, "w") else {
      throw MoultError(
        .cannotWrite, "cannot write the metrics", location: path, cause: String(cString: strerror(errno)))
    }
    self.path = path
    self.file = file
  }

  deinit { fclose(file) }

  /// Appends the epoch's line.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    guard fputs(epoch.json.line + "\n", file) >= 0, fflush(file) == 0 else {
      throw MoultError(
        .cannotWrite, "cannot write the metrics", location: path, cause: String(cString: strerror(errno)))
    }
  }
}
