import MoultCore

/// Layers applied one after the other.
///
/// ```swift
/// let model = Sequential(Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 10))
/// ```
///
/// - Shapes: those of the first layer's input and the last layer's output. Without layers, the identity.
/// - Note: Children are named by their index, as in PyTorch: `0.weight`, `3.bias`.
public struct Sequential: Module, CustomReflectable {
  /// The layers, in the order of application.
  public let layers: [any Module<Tensor, Tensor>]

  /// Chains layers.
  ///
  /// - Parameter layers: The layers, first to last.
  public init(_ layers: any Module<Tensor, Tensor>...) {
    self.layers = layers
  }

  /// Chains an array of layers.
  ///
  /// - Parameter layers: The layers, first to last.
  public init(_ layers: [any Module<Tensor, Tensor>]) {
    self.layers = layers
  }

  /// Applies the layers.
  ///
  /// - Parameter x: The input of the first layer.
  /// - Returns: The output of the last layer.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    layers.reduce(x) { x, layer in layer(x) }
  }

  /// Shows the layers as children `0`, `1`, and so on, which makes the index their name in checkpoints.
  public var customMirror: Mirror {
    Mirror(self, children: layers.enumerated().map { (label: String($0), value: $1) }, displayStyle: .struct)
  }
}
