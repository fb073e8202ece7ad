import MoultCore

/// The layer sizes of a fully connected network, written like `784-256x2-10`: the number of inputs, the units of each
/// hidden layer, the number of outputs. `256x2` stands for `256-256`.
public struct LayerSizes: Sendable, Equatable, CustomStringConvertible {
  /// The number of inputs, the units of each hidden layer in order, and the number of outputs: at least two numbers.
  public let sizes: [Int]

  /// The number of inputs of the first layer.
  public var inputSize: Int { sizes[0] }
  /// The number of units of each hidden layer.
  public var hiddenSizes: ArraySlice<Int> { sizes.dropFirst().dropLast() }
  /// The number of outputs of the last layer.
  public var outputSize: Int { sizes[sizes.count - 1] }

  /// The allowed sizes of a layer; a larger one is probably a typing mistake.
  package static let sizeLimits = 1...1_000_000
  /// The largest number of sizes of a network, with inputs and outputs.
  package static let countLimit = 1_000

  /// The number of weights and biases of all layers.
  public var parameterCount: Int {
    zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 + $1.1 }
  }

  /// All sizes, with repeated ones written out: `784-256-256-10`.
  public var description: String { sizes.map(String.init).joined(separator: "-") }

  /// Creates the sizes without a check.
  package init(inputSize: Int, hiddenSizes: [Int], outputSize: Int) {
    sizes = [inputSize] + hiddenSizes + [outputSize]
  }

  /// Parses sizes such as `784-256x2-10`.
  ///
  /// - Throws: `.usage` with the position of the first wrong character, counted from 1.
  public init(_ text: String) throws(MoultError) {
    var scanner = Scanner(text)
    var sizes: [Int] = []
    while true {
      let start = scanner.position
      let size = try scanner.number(Self.sizeLimits, what: "a size")
      var repeats = 1
      if scanner.take("x") {
        if sizes.isEmpty {
          throw scanner.failure("'-' after the input size, which cannot repeat", at: scanner.position - 1)
        }
        repeats = try scanner.number(1...Self.countLimit, what: "a number of repeats")
      }
      sizes += Array(repeating: size, count: repeats)
      if sizes.count > Self.countLimit {
        throw scanner.failure("at most \(Self.countLimit) sizes, with inputs and outputs", at: start)
      }
      if scanner.isAtEnd {
        if repeats > 1 { throw scanner.failure("one output size at the end, not \(repeats)", at: start) }
        break
      }
      if !scanner.take("-") { throw scanner.failure("'-' or 'x'", at: scanner.position) }
    }
    if sizes.count < 2 { throw scanner.failure("'-' and an output size", at: scanner.position) }
    self.sizes = sizes
  }

  /// A parser that reads characters one by one and knows its position.
  private struct Scanner {
    let characters: [Character]
    var position = 0

    init(_ text: String) { characters = Array(text) }

    var isAtEnd: Bool { position == characters.count }

    mutating func take(_ character: Character) -> Bool {
      guard !isAtEnd, characters[position] == character else { return false }
      position += 1
      return true
    }

    mutating func number(_ limits: ClosedRange<Int>, what: String) throws(MoultError) -> Int {
      let start = position
      while !isAtEnd, characters[position].isASCII, characters[position].isNumber { position += 1 }
      guard position > start else { throw failure(what, at: start) }
      guard let value = Int(String(characters[start..<position])), limits.contains(value) else {
        throw failure("\(what) of \(limits.lowerBound) to \(limits.upperBound)", at: start)
      }
      return value
    }

    func failure(_ expected: String, at index: Int) -> MoultError {
      let got = index < characters.count ? "'\(String(characters[index...]))'" : "the end"
      return MoultError(
        .usage, "expected \(expected) at position \(index + 1), got \(got); write sizes like 784-256x2-10")
    }
  }
}
