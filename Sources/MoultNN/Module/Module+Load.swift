import MoultCore

extension Module {
  /// Sets all parameters and buffers from a state dictionary of this library or of PyTorch.
  ///
  /// Every parameter and buffer must have exactly one entry, every entry must belong to a parameter or buffer, and
  /// shapes and element types must be equal. Names match if they are equal, or if they are equal in lower case without
  /// underscores: `hidden_layer1.weight` matches `hiddenLayer1.weight`.
  ///
  /// - Parameter state: The new values by name.
  /// - Throws: An error of code `.badData` that lists the names that do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    let found = Discovery(of: self)
    let targets: [LoadTarget] =
      found.parameters.map { name, parameter in
        LoadTarget(name: name, shape: parameter.shape, dtype: parameter.dtype) { parameter.value = $0.detached() }
      }
      + found.buffers.map { name, buffer in
        LoadTarget(name: name, shape: buffer.shape, dtype: buffer.dtype) { buffer.value = $0 }
      }
    let matching = StateMatching(parameters: targets.map(\.name), entries: state.keys.sorted())
    var problems = matching.problems
    for target in targets {
      guard let value = matching.entry[target.name].flatMap({ state[$0] }) else { continue }
      if value.shape != target.shape {
        problems.append("\(target.name): expected shape \(target.shape), got \(value.shape)")
      } else if value.dtype != target.dtype {
        problems.append("\(target.name): expected \(target.dtype), got \(value.dtype); cast it first")
      }
    }
    guard problems.isEmpty else { throw MoultError(.badData, StateMatching.summary(problems)) }
    for target in targets {
      if let value = matching.entry[target.name].flatMap({ state[$0] }) { target.set(value) }
    }
  }
}

/// A parameter or buffer that is set from a state dictionary.
private struct LoadTarget {
  let name: String
  let shape: [Int]
  let dtype: DType
  let set: (Tensor) -> Void
}
