import MoultCore

/// Applies layers one after the other.
///
/// ```swift
/// let model = Sequential(Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 10))
/// ```
///
/// - Shapes: the input shape of the first layer -> the output shape of the last layer.
/// - Edge cases: without layers it is the identity.
/// - Note: The layers are named by their index, as in PyTorch, so parameters have names such as `0.weight` and
///   `3.bias`.
public struct Sequential: Module, CustomReflectable {
  /// The layers, in the order of application.
  public let layers: [any Module<Tensor, Tensor>]

  /// Makes a model of layers.
  ///
  /// - Parameter layers: The layers, in the order of application.
  public init(_ layers: any Module<Tensor, Tensor>...) {
    self.layers = layers
  }

  /// Makes a model of an array of layers.
  ///
  /// - Parameter layers: The layers, in the order of application.
  public init(_ layers: [any Module<Tensor, Tensor>]) {
    self.layers = layers
  }

  /// Applies the layers in their order.
  ///
  /// - Parameter x: The input of the first layer.
  /// - Returns: The output of the last layer.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    layers.reduce(x) { x, layer in layer(x) }
  }

  /// The layers as children named `0`, `1`, and so on: the names that reflection and checkpoints use.
  public var customMirror: Mirror {
    Mirror(self, children: layers.enumerated().map { (label: String($0), value: $1) }, displayStyle: .struct)
  }
}
