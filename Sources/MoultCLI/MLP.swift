import Moult

/// A fully connected network with ReLU after every hidden layer, and dropout or one of its variants where that belongs:
/// what `--model` and `--variant` describe.
///
/// The names in its checkpoints are `hiddenLayers.0.weight` ... `outputLayer.bias`.
struct MLP: Module {
  let embeddings: TableEmbeddings?
  let inputDropout: Dropout?
  let hiddenLayers: [any Module<Tensor, Tensor>]
  /// One behind each hidden layer; none where the variant works in another place.
  let dropouts: [any Module<Tensor, Tensor>]
  let outputLayer: Linear

  /// - Parameters:
  ///   - dropout: the rate after each hidden layer, or what the variant is made with.
  ///   - inputDropout: the rate on the inputs; at 0 the layer does not exist.
  ///   - maxNorm: the greatest L2 norm of a hidden unit's incoming weights, or `nil` for no limit.
  ///   - variant: what comes in the place of dropout after each hidden layer; it must apply to `spec`.
  ///   - embeddings: what the last inputs are looked up in first; their rows are dropped with the rate `dropout`.
  init(
    _ spec: ModelSpec, dropout: Double, inputDropout: Double = 0, maxNorm: Double? = nil,
    variant: DropoutVariant? = nil, embeddings: EmbeddingSizes? = nil
  ) {
    self.embeddings = embeddings.map { TableEmbeddings($0, rate: dropout) }
    self.inputDropout = inputDropout > 0 ? Dropout(inputDropout) : nil
    var makeLayer: (Int, Int) -> any Module<Tensor, Tensor> = { inputSize, outputSize in
      Linear(inputSize, outputSize, constraint: maxNorm.map { MaxNorm($0) })
    }
    var makeDropout: (() -> any Module<Tensor, Tensor>)? = { Dropout(dropout) }
    switch variant?.place {
    case .hidden(let make): makeDropout = { make(dropout) }
    case .layer(let make):
      makeLayer = { make($0, $1, dropout) }
      makeDropout = nil
    case .loss, .needs, nil: break
    }
    hiddenLayers = zip(spec.sizes, spec.hiddenSizes).map { makeLayer($0, $1) }
    dropouts = makeDropout.map { make in spec.hiddenSizes.map { _ in make() } } ?? []
    outputLayer = Linear(spec.sizes[spec.sizes.count - 2], spec.outputSize)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    var x = x.rank > 2 ? x.flattened(from: 1) : x
    if let embeddings { x = embeddings(x) }
    if let inputDropout { x = inputDropout(x) }
    for (index, layer) in hiddenLayers.enumerated() {
      x = relu(layer(x))
      if dropouts.indices.contains(index) { x = dropouts[index](x) }
    }
    return outputLayer(x)
  }
}
