/// An error that does not come from a mistake in the program: in files, arguments or the network, or training that
/// diverges.
///
/// Functions throw it as a typed error. A mistake of the programmer, such as a wrong shape, stops the program instead.
public struct MoultError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of error; each kind has its own exit code in the command-line tool.
  public enum Code: Sendable, Equatable {
    /// An error without a code of its own.
    case failure
    /// Training produced a value that is not finite.
    case diverged
    /// The request is not valid, for instance because arguments contradict each other.
    case usage
    /// The content of a file or stream is not valid.
    case badData
    /// A file, folder or address does not exist or cannot be read.
    case noInput
    /// A file cannot be written.
    case cannotWrite
    /// A signal asked the program to stop.
    case interrupted(signal: Int32)
  }

  /// The kind of error.
  public let code: Code
  /// The message: what was expected, what was found, and what to do.
  public let message: String
  /// The place of the error: a path, with a line or offset if it is known; nil for none.
  public let location: String?
  /// The message of the underlying error, for instance of the system; nil for none.
  public let cause: String?

  /// Makes an error from its kind, message, place and cause.
  public init(_ code: Code, _ message: String, location: String? = nil, cause: String? = nil) {
    self.code = code
    self.message = message
    self.location = location
    self.cause = cause
  }

  /// The error as text: `location: message (cause)`.
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
