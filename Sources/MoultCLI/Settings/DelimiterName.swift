import ArgumentParser
import Moult

/// The names of table delimiters, as words that need no quoting in a shell.
enum DelimiterName: String, ExpressibleByArgument, CaseIterable {
  case comma, semicolon, tab, bar

  var delimiter: CSVDelimiter {
    switch self {
    case .comma: .comma
    case .semicolon: .semicolon
    case .tab: .tab
    case .bar: .bar
    }
  }
}
