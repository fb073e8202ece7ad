import Moult

extension MaskSettings {
  private static var integers: [(name: String, path: WritableKeyPath<MaskSettings, Int>)] {
    [("layer", \.layer), ("call", \.call), ("step", \.step), ("sample", \.sample), ("rows", \.rows)]
  }
  private static let names = ["rate", "units", "seed", "layer", "call", "step", "sample", "rows", "domain"]

  /// Reads settings from a JSON object whose keys are the names of the options.
  ///
  /// - Throws: `.badData` for other JSON, or for a value that is out of range.
  init(json line: String, location: String) throws(MoultError) {
    func malformed() -> MoultError {
      MoultError(
        .badData,
        "expected a JSON object with rate, units and whole numbers, such as {\"rate\":0.5,\"units\":16}, "
          + "got \(line.prefix(80)); write one object a line",
        location: location)
    }
    guard case .object(let members) = JSONValue(line) else { throw malformed() }
    if let name = members.keys.filter({ !Self.names.contains($0) }).min() {
      throw MoultError(
        .badData,
        "expected the names of options, got \"\(name)\"; " + nearHint(name, among: Self.names)
          + "'moult help mask' shows all", location: location)
    }
    guard let rate = members["rate"]?.double, let units = members["units"]?.int else { throw malformed() }
    self.init(rate: rate, units: units)
    for (name, path) in Self.integers {
      guard let value = members[name], value != .null else { continue }
      guard let number = value.int else { throw malformed() }
      self[keyPath: path] = number
    }
    switch members["seed"] {
    case nil, .null?: break
    case .unsigned(let number)?: seed = number
    default: throw malformed()
    }
    if let value = members["domain"], value != .null {
      let name: String
      if case .string(let text) = value {
        name = text
      } else if let number = value.int {
        name = "\(number)"
      } else {
        throw malformed()
      }
      guard let domain = Domain(argument: name) else {
        throw MoultError(.badData, "domain: expected a name or 0 to 5, got \(name)", location: location)
      }
      self.domain = domain
    }
    if let text = validationError { throw MoultError(.badData, text, location: location) }
  }
}
