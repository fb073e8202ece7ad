import MoultCore

/// One tensor for each parameter, such as its momentum; made of zeros when first used, changed in place.
struct ParameterBuffers {
  private let name: String
  private var buffers: [Parameter?]

  /// - Parameters:
  ///   - name: The first part of the keys in the state, `momentum` for `momentum.0`.
  ///   - count: The number of parameters.
  init(_ name: String, count: Int) {
    self.name = name
    buffers = Array(repeating: nil, count: count)
  }

  /// The buffer of a parameter.
  mutating func buffer(at index: Int, like parameter: Parameter) -> Parameter {
    if let buffer = buffers[index] { return buffer }
    let buffer = Parameter(Tensor.zeros(parameter.shape, dtype: parameter.dtype))
    buffers[index] = buffer
    return buffer
  }

  /// The buffers in use by key. The tensors stay what they are when the optimizer goes on.
  var state: [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (index, buffer) in buffers.enumerated() { state["\(name).\(index)"] = buffer?.value.detached() }
    return state
  }

  /// Takes the entries of these buffers out of `state`, checked against the parameters; one that is missing starts from
  /// zeros.
  mutating func take(from state: inout [String: Tensor], for parameters: [Parameter]) throws(MoultError) {
    for (index, parameter) in parameters.enumerated() {
      let key = "\(name).\(index)"
      guard let value = state.removeValue(forKey: key) else {
        buffers[index] = nil
        continue
      }
      guard value.shape == parameter.shape, value.dtype == parameter.dtype else {
        throw MoultError(
          .badData,
          "optimizer state \(key): expected \(parameter.dtype) \(parameter.shape), got \(value.dtype) \(value.shape)")
      }
      buffers[index] = Parameter(value.detached())
    }
  }

  /// Throws if entries are left after all buffers took theirs.
  static func requireNone(left state: [String: Tensor]) throws(MoultError) {
    guard let key = state.keys.min() else { return }
    throw MoultError(.badData, "optimizer state \(key): no such buffer; is it another optimizer's state?")
  }
}
