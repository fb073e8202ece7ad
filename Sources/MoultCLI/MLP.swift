import Moult

/// A fully connected network with ReLU and dropout after every hidden layer: what `--model` describes.
///
/// The names in its checkpoints are `hiddenLayers.0.weight` ... `outputLayer.bias`.
struct MLP: Module {
  let inputDropout: Dropout?
  let hiddenLayers: [Linear]
  let dropouts: [Dropout]
  let outputLayer: Linear

  /// - Parameters:
  ///   - dropout: the rate after each hidden layer.
  ///   - inputDropout: the rate on the inputs; at 0 the layer does not exist.
  ///   - maxNorm: the greatest L2 norm of a hidden unit's incoming weights, or `nil` for no limit.
  init(_ spec: ModelSpec, dropout: Double, inputDropout: Double = 0, maxNorm: Double? = nil) {
    self.inputDropout = inputDropout > 0 ? Dropout(inputDropout) : nil
    hiddenLayers = zip(spec.sizes, spec.hiddenSizes).map { inputSize, outputSize in
      Linear(inputSize, outputSize, constraint: maxNorm.map { MaxNorm($0) })
    }
    dropouts = spec.hiddenSizes.map { _ in Dropout(dropout) }
    outputLayer = Linear(spec.sizes[spec.sizes.count - 2], spec.outputSize)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    var x = x.rank > 2 ? x.flattened(from: 1) : x
    if let inputDropout { x = inputDropout(x) }
    for (layer, dropout) in zip(hiddenLayers, dropouts) { x = dropout(relu(layer(x))) }
    return outputLayer(x)
  }
}
