import MoultCore

/// A penalty on weights that is added to a loss.
///
/// ```swift
/// let weights = model.weights()
/// let decay = L2(1e-4)
/// optimizer.step(minimizing: crossEntropy(model(x), labels) + decay(weights))
/// ```
public protocol Regularizer: Sendable {
  /// Returns the penalty on one tensor.
  func callAsFunction(_ weight: Tensor) -> Tensor
}

extension Regularizer {
  /// Returns the sum of the penalties on several parameters.
  ///
  /// - Parameter parameters: At least one parameter; all of one element type.
  /// - Returns: A scalar.
  /// - Complexity: O(*n*) time to read the weights, and a gradient of their size. The `weightDecay` of an optimizer
  ///   needs neither.
  public func callAsFunction(_ parameters: [Parameter]) -> Tensor {
    guard let first = parameters.first else {
      fatalError("\(Self.self): expected parameters, got none; does the model keep its layers in properties?")
    }
    return parameters.dropFirst().reduce(self(first.value)) { $0 + self($1.value) }
  }
}

extension Module {
  /// Returns the parameters of this module and its nested modules that are weights: those of rank 2 or more. Biases,
  /// scales and learned rates have a lower rank.
  ///
  /// - Returns: The weights, as a regularizer takes them.
  /// - Complexity: One walk by reflection over all properties; keep the result instead of calling this in a loop.
  public func weights() -> [Parameter] { parameters().filter { $0.shape.count > 1 } }

  /// Returns the penalty on all weights of this module and its nested modules.
  ///
  /// - Parameter regularizer: The penalty on one tensor, such as `L2(1e-4)`.
  /// - Returns: A scalar to add to the loss.
  /// - Complexity: The cost of `weights()` and of the regularizer.
  public func penalty(_ regularizer: some Regularizer) -> Tensor { regularizer(weights()) }
}

/// Stops the program if `strength` is negative, infinite or NaN.
func requireStrength(_ strength: Double, _ layer: StaticString) {
  require(strength >= 0 && strength.isFinite, "\(layer): expected a strength >= 0, got \(strength)")
}
