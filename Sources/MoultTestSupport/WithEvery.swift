/// Calls `body` with every value and collects the error messages, each with the value for which it occurred.
///
///     #expect(withEvery("n", in: 0...257) { n in withEvery("offset", in: 0...16) { … } }.isEmpty)
///
/// No more values are tried once there are eight messages, since one error is enough to start with.
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

/// Returns every pair of an element of `first` and an element of `second`.
public func combinations<A, B>(_ first: some Sequence<A>, _ second: some Collection<B>) -> [(A, B)] {
  first.flatMap { a in second.map { (a, $0) } }
}
