import Moult

/// The walk on a terminal: a screen for each chapter, and after it a line that says where to go.
///
/// Input comes in lines, so that the terminal stays as it is whatever happens.
struct ChapterWalk {
  /// The lines of chapter `number` under a seed.
  let page: (_ number: Int, _ seed: UInt64) throws -> [String]
  /// The next line of input, nil at its end.
  let read: () -> String?
  /// Shows text as it is.
  let show: (String) throws -> Void
  /// Whether the screen may be cleared between chapters.
  let clears: Bool
  let count: Int

  private static let clearScreen = "\u{1B}[H\u{1B}[2J"
  private static let unknown = "Enter: next   b: back   1 to 6: that chapter   r: another seed   q: quit"

  /// Runs from chapter 1 until the reader quits, input ends or the last chapter is left.
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

  /// Asks until there is an answer; nil to quit.
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
