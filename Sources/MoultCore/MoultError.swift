/// What went wrong with the world outside the program: files, arguments, networks, numbers that diverged.
///
/// Mistakes of the programmer stop the program; everything else is one of these, thrown and typed.
public struct MoultError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure; each has its own exit code in the command-line tool.
  public enum Code: Sendable, Equatable {
    /// Anything without a code of its own.
    case failure
    /// Training produced a value that is not finite.
    case diverged
    /// The request itself makes no sense.
    case usage
    /// A file or stream holds something else than it should.
    case badData
    /// A file, folder or address is not there or cannot be read.
    case noInput
    /// A file cannot be written.
    case cannotWrite
    /// A signal asked the program to stop.
    case interrupted(signal: Int32)
  }

  /// The kind of failure.
  public let code: Code
  /// What was expected, what came, and what to do.
  public let message: String
  /// Where: a path, perhaps with a line or an offset.
  public let location: String?
  /// What the layer below said.
  public let cause: String?

  /// Makes an error.
  public init(_ code: Code, _ message: String, location: String? = nil, cause: String? = nil) {
    self.code = code
    self.message = message
    self.location = location
    self.cause = cause
  }

  /// `location: message (cause)`.
  public var description: String {
    (location.map { "\($0): " } ?? "") + message + (cause.map { " (\($0))" } ?? "")
  }

  /// The exit code of the command-line tool, after sysexits.h: 1, 3, 64, 65, 66, 74 or 128 + signal.
  public var exitCode: Int32 {
    switch code {
    case .failure: 1
    case .diverged: 3
    case .usage: 64
    case .badData: 65
    case .noInput: 66
    case .cannotWrite: 74
    case .interrupted(let signal): 128 + signal
    }
  }
}
