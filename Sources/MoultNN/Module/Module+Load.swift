import MoultCore

extension Module {
  /// Sets all parameters and buffers from a state dictionary of this library or of PyTorch.
  ///
  /// Every parameter and buffer must have exactly one entry, every entry must belong to a parameter or buffer, and
  /// shapes and element types must be equal. Names match if they are equal, or if they are equal in lower case without
  /// underscores: `hidden_layer1.weight` matches `hiddenLayer1.weight`.
  ///
  /// - Parameters:
  ///   - state: The new values by name.
  ///   - renaming: The rules that turn the names into those of this model.
  /// - Throws: An error of code `.badData` that lists the names that do not match; then nothing has changed.
  public func load(_ state: [String: Tensor], renaming: [RenameRule] = []) throws(MoultError) {
    _ = try load(state, renaming: renaming, strict: true)
  }

  /// Sets parameters and buffers from a state dictionary, and returns what fit and what did not.
  ///
  /// With `strict: false`, parameters and buffers without an entry of their shape and type keep their values, and
  /// entries that belong to none are not used. The report lists all of them, and the compiler warns if it is not used.
  ///
  /// - Parameters:
  ///   - state: The new values by name.
  ///   - renaming: The rules that turn the names into those of this model.
  ///   - strict: Whether anything that does not fit is an error, as in `load(_:renaming:)`.
  /// - Returns: The names that were loaded, and everything that did not fit.
  /// - Throws: An error of code `.badData` if two entries fit one parameter or buffer, or if anything does not fit a
  ///   strict load; then nothing has changed.
  public func load(
    _ state: [String: Tensor], renaming: [RenameRule] = [], strict: Bool
  ) throws(MoultError) -> LoadReport {
    try load(state, of: nil, renaming: renaming, strict: strict)
  }

  /// Sets parameters and buffers, and compares the layers that a file describes with those of this model.
  ///
  /// - Parameter layers: The layers of the file; nil if it does not describe them.
  package func load(
    _ state: [String: Tensor], of layers: [LayerDescription]?, renaming: [RenameRule], strict: Bool
  ) throws(MoultError) -> LoadReport {
    let found = Discovery(of: self)
    let (state, ignored) = try renaming.renamed(state)
    let matching = StateMatching(
      parameters: found.parameters.map(\.name) + found.buffers.map(\.name), entries: state.keys.sorted())
    var report = LoadReport()
    (report.missing, report.unexpected, report.ignored) = (matching.missing, matching.unexpected, ignored)
    var changes: [() -> Void] = []
    for target in found.loadTargets {
      guard let value = matching.entry[target.name].flatMap({ state[$0] }) else { continue }
      if value.shape == target.shape, value.dtype == target.dtype {
        report.loaded.append(target.name)
        changes.append { target.set(value) }
      } else {
        report.mismatched.append(
          LoadReport.Mismatch(
            name: target.name, expectedShape: target.shape, expectedDType: target.dtype, shape: value.shape,
            dtype: value.dtype))
      }
    }
    if let layers {
      report.layerDifferences = LayerDifference.between(
        file: layers, model: found.layerDescriptions, renaming: renaming,
        reported: report.missing + report.unexpected)
    }
    let problems = matching.ambiguities + (strict ? report.problems : [])
    guard problems.isEmpty else { throw MoultError(.badData, StateMatching.summary(problems) + report.advice) }
    for change in changes { change() }
    return report
  }
}

/// A parameter or buffer that is set from a state dictionary.
private struct LoadTarget {
  let name: String
  let shape: [Int]
  let dtype: DType
  let set: (Tensor) -> Void
}

extension Discovery {
  fileprivate var loadTargets: [LoadTarget] {
    parameters.map { name, parameter in
      LoadTarget(name: name, shape: parameter.shape, dtype: parameter.dtype) { parameter.value = $0.detached() }
    }
      + buffers.map { name, buffer in
        LoadTarget(name: name, shape: buffer.shape, dtype: buffer.dtype) { buffer.value = $0 }
      }
  }
}
