import MoultCore

/// State tensors of an optimizer, one for each parameter, such as the momentum. A tensor is created with one value
/// everywhere at its first use and then updated in place.
public struct ParameterBuffers {
  private let name: String
  private let initialValue: Double
  private var buffers: [Parameter?]

  /// Makes buffers that do not exist yet.
  ///
  /// - Parameters:
  ///   - name: The prefix of the keys in the state dictionary: `momentum` for `momentum.0`.
  ///   - count: The number of parameters.
  ///   - initialValue: The value of all elements at the first use.
  public init(_ name: String, count: Int, initialValue: Double = 0) {
    self.name = name
    self.initialValue = initialValue
    buffers = Array(repeating: nil, count: count)
  }

  /// Returns the state tensor of the parameter at `index`, created if there is none.
  public mutating func buffer(at index: Int, like parameter: Parameter) -> Parameter {
    if let buffer = buffers[index] { return buffer }
    let buffer = Parameter(Tensor.full(parameter.shape, initialValue, dtype: parameter.dtype))
    buffers[index] = buffer
    return buffer
  }

  /// The existing state tensors by key. Later steps do not change the returned tensors.
  public var state: [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (index, buffer) in buffers.enumerated() { state["\(name).\(index)"] = buffer?.value.detached() }
    return state
  }

  /// Removes the entries of these tensors from `state` and stores them. A missing entry starts from the initial value.
  ///
  /// - Throws: An error of code `.badData` if a shape or type is not that of the parameter.
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

  /// Throws an error of code `.badData` if `state` still has entries after all buffers have taken theirs.
  static func requireNone(left state: [String: Tensor]) throws(MoultError) {
    guard let key = state.keys.min() else { return }
    throw MoultError(.badData, "optimizer state \(key): no such buffer; is it another optimizer's state?")
  }
}
