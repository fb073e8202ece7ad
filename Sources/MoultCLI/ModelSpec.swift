import ArgumentParser
import Moult

/// The sizes of a fully connected network, written like `784-256x2-10`: inputs, hidden layers, outputs; `x2` repeats.
struct ModelSpec: Equatable, CustomStringConvertible {
  /// Inputs, the hidden sizes in order, outputs: at least two numbers.
  let sizes: [Int]

  var inputSize: Int { sizes[0] }
  var hiddenSizes: ArraySlice<Int> { sizes.dropFirst().dropLast() }
  var outputSize: Int { sizes[sizes.count - 1] }

  /// Units of one layer, and layers of one network: beyond, a typing mistake is more likely than a wish.
  static let sizeLimits = 1...1_000_000
  static let layerLimit = 1_000

  /// Weights and biases together.
  var parameterCount: Int {
    zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 + $1.1 }
  }

  /// Every size, none repeated by `x`: `784-256-256-10`.
  var description: String { sizes.map(String.init).joined(separator: "-") }

  init(inputSize: Int, hiddenSizes: [Int], outputSize: Int) {
    sizes = [inputSize] + hiddenSizes + [outputSize]
  }

  /// The article's network for MNIST.
  static let article = ModelSpec(
    inputSize: 784, hiddenSizes: NetworkOptions.defaultHiddenSizes, outputSize: 10)

  /// Throws unless a network of these sizes takes the inputs of the data and has an output for each class.
  func requireFitting(inputSize: Int, outputSize: Int) throws(MoultError) {
    let hint = "leave --model out for what suits them"
    guard self.inputSize == inputSize else {
      throw MoultError(
        .usage, "--model \(self): expected \(inputSize) inputs, as the data have, got \(self.inputSize); \(hint)")
    }
    guard self.outputSize >= outputSize else {
      throw MoultError(
        .usage,
        "--model \(self): expected at least \(outputSize) outputs, one per class of the data, got \(self.outputSize); "
          + hint)
    }
  }

  /// Reads the text of `--model`; what it throws names the position that is wrong, counted from 1.
  init(_ text: String) throws {
    var scanner = Scanner(text)
    var sizes: [Int] = []
    while true {
      let start = scanner.position
      let size = try scanner.number(Self.sizeLimits, what: "a size")
      var repeats = 1
      if scanner.take("x") {
        if sizes.isEmpty {
          throw scanner.problem("'-' after the input size, which cannot repeat", at: scanner.position - 1)
        }
        repeats = try scanner.number(1...Self.layerLimit, what: "a number of repeats")
      }
      sizes += Array(repeating: size, count: repeats)
      if sizes.count > Self.layerLimit {
        throw scanner.problem("at most \(Self.layerLimit) layers", at: start)
      }
      if scanner.isAtEnd {
        if repeats > 1 { throw scanner.problem("one output size at the end, not \(repeats)", at: start) }
        break
      }
      if !scanner.take("-") { throw scanner.problem("'-' or 'x'", at: scanner.position) }
    }
    if sizes.count < 2 { throw scanner.problem("'-' and an output size", at: scanner.position) }
    self.sizes = sizes
  }

  /// Reads characters one by one and knows where it is.
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

    mutating func number(_ limits: ClosedRange<Int>, what: String) throws -> Int {
      let start = position
      while !isAtEnd, characters[position].isASCII, characters[position].isNumber { position += 1 }
      guard position > start else { throw problem(what, at: start) }
      guard let value = Int(String(characters[start..<position])), limits.contains(value) else {
        throw problem("\(what) of \(limits.lowerBound) to \(limits.upperBound)", at: start)
      }
      return value
    }

    func problem(_ expected: String, at index: Int) -> ValidationError {
      let got = index < characters.count ? "'\(String(characters[index...]))'" : "the end"
      return ValidationError("expected \(expected) at position \(index + 1), got \(got); write sizes like 784-256x2-10")
    }
  }
}
