/// Calls `body` with every value and gathers what it finds wrong, each line led by the value it was found at.
///
///     #expect(withEvery("n", in: 0...257) { n in withEvery("offset", in: 0...16) { … } }.isEmpty)
///
/// Only the first lines are kept: one wrong case is enough to start with.
public func withEvery<Value>(
  _ label: String, in values: some Sequence<Value>, _ body: (Value) throws -> [String]
) rethrows -> [String] {
  var found: [String] = []
  for value in values where found.count < mostLines {
    found += try body(value).map { "\(label) = \(value), \($0)" }
  }
  return found
}

private let mostLines = 8

/// Every pair of a value of `first` and a value of `second`.
public func combinations<A, B>(_ first: some Sequence<A>, _ second: some Collection<B>) -> [(A, B)] {
  first.flatMap { a in second.map { (a, $0) } }
}
