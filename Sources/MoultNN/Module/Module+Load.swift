import MoultCore

extension Module {
  /// Sets all parameters from a state dictionary, one of this library's or one of PyTorch's.
  ///
  /// Strict: every parameter needs its entry, every entry its parameter, and shapes and types must agree. Names agree
  /// if they are equal, or else if they are equal in lower case without underscores, so `hidden_layer1.weight` fits
  /// `hiddenLayer1.weight`.
  ///
  /// - Parameter state: The new values.
  /// - Throws: An error of code `.badData` that lists what does not fit; then no parameter has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    let named = namedParameters()
    let matching = StateMatching(parameters: named.map(\.name), entries: state.keys.sorted())
    var problems = matching.problems
    for (name, parameter) in named {
      guard let value = matching.entry[name].flatMap({ state[$0] }) else { continue }
      if value.shape != parameter.shape {
        problems.append("\(name): expected shape \(parameter.shape), got \(value.shape)")
      } else if value.dtype != parameter.dtype {
        problems.append("\(name): expected \(parameter.dtype), got \(value.dtype); cast it first")
      }
    }
    guard problems.isEmpty else { throw MoultError(.badData, StateMatching.summary(problems)) }
    for (name, parameter) in named {
      guard let value = matching.entry[name].flatMap({ state[$0] }) else { continue }
      parameter.value = value.detached()
    }
  }
}
