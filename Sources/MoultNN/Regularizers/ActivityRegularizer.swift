import MoultCore

/// Lets activations through as they are, and adds their penalty to the loss in training.
///
///     y = x,   loss += regularizer(x) / N
///
/// ```swift
/// let model = Sequential(Linear(784, 256), ReLU(), ActivityRegularizer(L1(1e-5)), Linear(256, 10))
/// ```
///
/// - Shapes: `x: [N, ...]` -> `[N, ...]`; a tensor of rank 0 or 1 is one sample.
/// - Gradient: `dx = dy`, and that of the penalty.
/// - Edge cases: an empty batch has no penalty. Outside `collectingLossTerms` and a trainer none is collected.
/// - Complexity: O(*n*) time in training, nothing in evaluation.
/// - Source: `keras.layers.ActivityRegularization`, which divides by the batch size as well.
public final class ActivityRegularizer: Module {
  /// The penalty on the activations of a batch.
  public let regularizer: any Regularizer
  private let layerMode = LayerMode()

  /// Makes a layer in training mode.
  ///
  /// - Parameter regularizer: The penalty on the activations of a batch, such as `L1(1e-5)`.
  public init(_ regularizer: any Regularizer) { self.regularizer = regularizer }

  /// Adds the penalty to the loss.
  ///
  /// - Parameter x: The activations.
  /// - Returns: `x`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let samples = x.rank > 1 ? x.shape[0] : 1
    if layerMode.current == .training && x.count > 0 { addToLoss(regularizer(x) / Double(samples)) }
    return x
  }
}
