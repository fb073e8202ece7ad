import MoultPlatform

/// The output that a stream can take: a terminal can be redrawn and colored, a file or pipe gets plain lines.
package struct Terminal: Sendable, Equatable {
  /// Lines may be redrawn with a carriage return.
  package let isAnimated: Bool
  /// Escape sequences (color, clear line) may be sent.
  package let usesEscapes: Bool
  /// Characters beyond ASCII are shown.
  package let usesUnicode: Bool
  /// Columns of the terminal.
  package let width: Int

  package init(isAnimated: Bool, usesEscapes: Bool, usesUnicode: Bool, width: Int) {
    self.isAnimated = isAnimated
    self.usesEscapes = usesEscapes
    self.usesUnicode = usesUnicode
    self.width = width
  }

  /// Decides from facts: `NO_COLOR` and `--no-color` forbid escapes, `TERM=dumb` and a stream that is no terminal
  /// forbid animation too.
  package init(isTerminal: Bool, columns: Int?, noColor: Bool, environment: (String) -> String?) {
    isAnimated = isTerminal && environment("TERM") != "dumb"
    usesEscapes = isAnimated && !noColor && (environment("NO_COLOR") ?? "").isEmpty
    let locale = [environment("LC_ALL"), environment("LC_CTYPE"), environment("LANG")].lazy
      .compactMap { $0 }.first { !$0.isEmpty }
    usesUnicode = locale.map { $0.uppercased() }.map { $0.contains("UTF-8") || $0.contains("UTF8") } ?? false
    width = columns ?? environment("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil } ?? Self.defaultWidth
  }

  /// Columns of a terminal that does not tell its size.
  package static let defaultWidth = 80
  /// Lines of a terminal that does not tell its size.
  package static let defaultHeight = 24

  /// The terminal behind an open file.
  package static func detect(fileDescriptor: Int32, noColor: Bool = false) -> Terminal {
    Terminal(
      isTerminal: isatty(fileDescriptor) == 1, columns: size(fileDescriptor: fileDescriptor)?.columns,
      noColor: noColor, environment: { name in getenv(name).map { String(cString: $0) } })
  }

  /// The size of the terminal behind an open file now, or `nil` when it is not known.
  package static func size(fileDescriptor: Int32) -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
