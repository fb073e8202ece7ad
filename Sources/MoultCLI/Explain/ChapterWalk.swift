import Moult

/// Shows the chapters one by one on a terminal, each followed by a prompt for the next step.
///
/// Input is read line by line, so the settings of the terminal are never changed.
struct ChapterWalk {
  /// Returns the lines of chapter `number` for a seed.
  let page: (_ number: Int, _ seed: UInt64) throws -> [String]
  /// Returns the next line of input; nil at its end.
  let read: () -> String?
  /// Writes text to the terminal.
  let show: (String) throws -> Void
  /// Whether the screen is cleared between chapters.
  let clears: Bool
  let count: Int

  private static let clearScreen = "\u{1B}[H\u{1B}[2J"
  private static let unknown = "Enter: next   b: back   1 to 6: that chapter   r: another seed   q: quit"

  /// Shows chapters from chapter 1 on until the user quits, the input ends, or the user goes beyond the last chapter.
  func run(seed: UInt64) throws {
    var (number, seed) = (1, seed)
    while (1...count).contains(number) {
      try show((clears ? Self.clearScreen : "\n") + page(number, seed).joined(separator: "\n") + "\n")
      guard let step = try ask(number) else { return }
      switch step {
      case .go(let other): number = other
      case .reseed: seed &+= 1
      }
    }
  }

  private enum Step {
    case go(Int)
    case reseed
  }

  /// Prompts until there is a valid command; returns nil to quit.
  private func ask(_ number: Int) throws -> Step? {
    var prompt = "-- \(number)/\(count)  Enter next, b back, 1-\(count) chapter, r another seed, q quit: "
    while true {
      try show(prompt)
      guard let line = read() else {
        try show("\n")
        return nil
      }
      let word = line.filter { !$0.isWhitespace }.lowercased()
      switch word {
      case "", "n": return .go(number + 1)
      case "b": return .go(max(1, number - 1))
      case "r": return .reseed
      case "q": return nil
      default:
        if let other = Int(word), (1...count).contains(other) { return .go(other) }
        prompt = Self.unknown + "\n: "
      }
    }
  }
}
