import MoultCore

/// A penalty on weights, added to a loss.
///
/// ```swift
/// let weights = model.weights()
/// let decay = L2(1e-4)
/// optimizer.step(minimizing: crossEntropy(model(x), labels) + decay(weights))
/// ```
public protocol Regularizer: Sendable {
  /// The penalty on one tensor.
  ///
  /// - Parameter weight: Weights of any shape.
  /// - Returns: A scalar.
  func callAsFunction(_ weight: Tensor) -> Tensor
}

extension Regularizer {
  /// The penalty on several parameters, added up in their order.
  ///
  /// - Parameter parameters: At least one, all of one type.
  /// - Returns: A scalar.
  /// - Complexity: O(*n*) time; reads weights and makes a gradient of their size, which an optimizer's `weightDecay`
  ///   does not.
  public func callAsFunction(_ parameters: [Parameter]) -> Tensor {
    guard let first = parameters.first else {
      fatalError("\(Self.self): expected parameters, got none; does the model keep its layers in properties?")
    }
    return parameters.dropFirst().reduce(self(first.value)) { $0 + self($1.value) }
  }
}

extension Module {
  /// The parameters below that are weights: those of two axes or more, so no biases, scales or learned rates.
  ///
  /// - Returns: The weights, to give to a regularizer.
  /// - Complexity: One walk by reflection; keep the result rather than calling this in a loop.
  public func weights() -> [Parameter] { parameters().filter { $0.shape.count > 1 } }

  /// The penalty on all weights below.
  ///
  /// - Parameter regularizer: The penalty on one, such as `L2(1e-4)`.
  /// - Returns: A scalar to add to the loss.
  /// - Complexity: that of `weights()` and of the regularizer.
  public func penalty(_ regularizer: some Regularizer) -> Tensor { regularizer(weights()) }
}

/// Stops the program unless the strength of a regularizer is a finite number that is not negative.
func requireStrength(_ strength: Double, _ layer: StaticString) {
  require(strength >= 0 && strength.isFinite, "\(layer): expected a strength >= 0, got \(strength)")
}
