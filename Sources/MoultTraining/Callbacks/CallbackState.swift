import MoultCore

/// A state dictionary of a callback that is being built or read. Keys begin with the prefix: `prefix.count`,
/// `prefix.average.0`.
struct CallbackState {
  let prefix: String
  var entries: [String: Tensor] = [:]

  func key(_ name: String) -> String { "\(prefix).\(name)" }

  mutating func set(_ name: String, _ count: Int64) { entries[key(name)] = Tensor([count], shape: []) }

  mutating func set(_ name: String, _ number: Double) { entries[key(name)] = Tensor([number], shape: []) }

  mutating func set(_ name: String, _ tensors: [Tensor]) {
    for (index, tensor) in tensors.enumerated() { entries[key("\(name).\(index)")] = tensor.detached() }
  }

  /// Removes and returns an integer of at least 0.
  ///
  /// - Throws: An error of code `.badData` if the entry is missing or something else.
  mutating func takeCount(_ name: String) throws(MoultError) -> Int {
    guard let value = entries.removeValue(forKey: key(name)), value.shape.isEmpty, !value.dtype.isFloatingPoint,
      value.item(as: Int64.self) >= 0
    else { throw problem(name, "a count from 0 on") }
    return Int(value.item(as: Int64.self))
  }

  /// Removes and returns a Float64 number.
  ///
  /// - Throws: An error of code `.badData` if the entry is missing or something else.
  mutating func takeNumber(_ name: String) throws(MoultError) -> Double {
    guard let value = entries.removeValue(forKey: key(name)), value.shape.isEmpty, value.dtype == .float64 else {
      throw problem(name, "a float64 number")
    }
    return value.item(as: Double.self)
  }

  /// Removes and returns one tensor for each parameter, `name.0` and so on.
  ///
  /// - Throws: An error of code `.badData` if an entry is missing or its shape or type is not that of the parameter.
  mutating func take(_ name: String, like parameters: [Parameter]) throws(MoultError) -> [Tensor] {
    var tensors: [Tensor] = []
    for (index, parameter) in parameters.enumerated() {
      let name = "\(name).\(index)"
      guard let value = entries.removeValue(forKey: key(name)) else {
        throw problem(name, "\(parameter.dtype) \(parameter.shape), got none")
      }
      guard value.shape == parameter.shape, value.dtype == parameter.dtype else {
        throw problem(name, "\(parameter.dtype) \(parameter.shape), got \(value.dtype) \(value.shape)")
      }
      tensors.append(value.detached())
    }
    return tensors
  }

  /// Throws an error of code `.badData` if entries are left.
  func requireEmpty() throws(MoultError) {
    guard let key = entries.keys.min() else { return }
    throw MoultError(.badData, "callback state \(key): no such entry; is it the state of another callback?")
  }

  func problem(_ name: String, _ expected: String) -> MoultError {
    MoultError(.badData, "callback state \(key(name)): expected \(expected)")
  }
}
