import MoultCore

/// A layer that returns its input unchanged and in training adds a penalty on it to the loss.
///
///     y = x,   loss += regularizer(x) / N
///
/// ```swift
/// let model = Sequential(Linear(784, 256), ReLU(), ActivityRegularizer(L1(1e-5)), Linear(256, 10))
/// ```
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; a tensor of rank 0 or 1 is one sample.
/// - Gradient: `dx = dy` plus the gradient of the penalty.
/// - Edge cases: An empty batch has no penalty. The penalty is added only inside a trainer or `collectingLossTerms`.
/// - Complexity: O(*n*) time in training mode, O(1) otherwise.
/// - Source: `keras.layers.ActivityRegularization`, which divides by the batch size as well.
public final class ActivityRegularizer: Module {
  /// The penalty on the activations; it is divided by the number of samples.
  public let regularizer: any Regularizer
  private let layerMode = LayerMode()

  /// Makes a layer in training mode.
  ///
  /// - Parameter regularizer: The penalty on the activations, such as `L1(1e-5)`; it is divided by the number of
  ///   samples.
  public init(_ regularizer: any Regularizer) { self.regularizer = regularizer }

  /// Adds the penalty to the loss in training mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let samples = x.rank > 1 ? x.shape[0] : 1
    if layerMode.current == .training && x.count > 0 { addToLoss(regularizer(x) / Double(samples)) }
    return x
  }
}
