import MoultPlatform

/// The capabilities of an output stream: on a terminal lines can be redrawn and colored, a file or pipe gets plain
/// lines.
package struct Terminal: Sendable, Equatable {
  /// Whether lines may be redrawn with a carriage return.
  package let isAnimated: Bool
  /// Whether escape sequences (to set colors or clear a line) may be sent.
  package let usesEscapes: Bool
  /// Whether characters beyond ASCII may be sent.
  package let usesUnicode: Bool
  /// The number of columns.
  package let width: Int

  package init(isAnimated: Bool, usesEscapes: Bool, usesUnicode: Bool, width: Int) {
    self.isAnimated = isAnimated
    self.usesEscapes = usesEscapes
    self.usesUnicode = usesUnicode
    self.width = width
  }

  /// Determines the capabilities. A stream that is not a terminal and `TERM=dumb` allow neither redrawing nor escape
  /// sequences; `NO_COLOR` and `noColor` allow no escape sequences.
  ///
  /// - Parameters:
  ///   - isTerminal: Whether the stream is a terminal.
  ///   - columns: The number of columns; nil to use `COLUMNS` or 80.
  ///   - noColor: Whether to send no escape sequences.
  ///   - environment: Returns the value of an environment variable.
  package init(isTerminal: Bool, columns: Int?, noColor: Bool, environment: (String) -> String?) {
    isAnimated = isTerminal && environment("TERM") != "dumb"
    usesEscapes = isAnimated && !noColor && (environment("NO_COLOR") ?? "").isEmpty
    let locale = [environment("LC_ALL"), environment("LC_CTYPE"), environment("LANG")].lazy
      .compactMap { $0 }.first { !$0.isEmpty }
    usesUnicode = locale.map { $0.uppercased() }.map { $0.contains("UTF-8") || $0.contains("UTF8") } ?? false
    width = columns ?? environment("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? Self.defaultWidth
  }

  /// The number of columns of a terminal whose size is not known.
  package static let defaultWidth = 80
  /// The number of rows of a terminal whose size is not known.
  package static let defaultHeight = 24

  /// Returns the capabilities of the stream with a file descriptor.
  package static func detect(fileDescriptor: Int32, noColor: Bool = false) -> Terminal {
    Terminal(
      isTerminal: isatty(fileDescriptor) == 1, columns: size(fileDescriptor: fileDescriptor)?.columns,
      noColor: noColor, environment: { name in getenv(name).map { String(cString: $0) } })
  }

  /// Returns the current size of the terminal with a file descriptor; nil if it is not known.
  package static func size(fileDescriptor: Int32) -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
