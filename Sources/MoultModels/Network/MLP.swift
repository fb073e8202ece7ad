import MoultCore
import MoultNN

/// A fully connected network with ReLU after every hidden layer, and dropout or one of its variants where it belongs.
///
/// ```swift
/// let model = MLP(ModelSpec(try LayerSizes("784-256x2-10"), dropout: 0.5))
/// ```
///
/// The names in its checkpoints are `hiddenLayers.0.weight` ... `outputLayer.bias`.
///
/// - Shapes: `x: [N, ...]` with `inputSize` values a row -> `[N, outputSize]`.
public struct MLP: Module {
  /// The embeddings of a table's categories; nil without any.
  public let embeddings: TableEmbeddings?
  /// Dropout on the inputs; nil at rate 0.
  public let inputDropout: Dropout?
  /// The hidden layers, without their activation.
  public let hiddenLayers: [any Module<Tensor, Tensor>]
  /// The dropout layers, one after each hidden layer; empty where the variant replaces the linear layers.
  public let dropouts: [any Module<Tensor, Tensor>]
  /// The last layer.
  public let outputLayer: Linear

  /// Builds the network with random weights of the current seed.
  ///
  /// - Precondition: The variant applies to the layers, and the rates are in 0...1.
  public init(_ spec: ModelSpec) {
    let error = spec.validationError
    require(error == nil, "MLP: \(error?.key ?? ""): \(error?.text ?? "")")
    let (layers, dropout) = (spec.layers, spec.dropout)
    embeddings = spec.embeddings.map { TableEmbeddings($0, rate: dropout) }
    inputDropout = spec.inputDropout > 0 ? Dropout(spec.inputDropout) : nil
    var makeLayer: (Int, Int) -> any Module<Tensor, Tensor> = { inputSize, outputSize in
      Linear(inputSize, outputSize, constraint: spec.maxNorm.map { MaxNorm($0) })
    }
    var makeDropout: (() -> any Module<Tensor, Tensor>)? = { Dropout(dropout) }
    switch spec.variant?.place {
    case .hidden(let make): makeDropout = { make(dropout) }
    case .layer(let make):
      makeLayer = { make($0, $1, dropout) }
      makeDropout = nil
    case .loss, .needs, nil: break
    }
    hiddenLayers = zip(layers.sizes, layers.hiddenSizes).map { makeLayer($0, $1) }
    dropouts = makeDropout.map { make in layers.hiddenSizes.map { _ in make() } } ?? []
    outputLayer = Linear(layers.sizes[layers.sizes.count - 2], layers.outputSize)
  }

  /// The outputs of the network: logits of classes, or standardized numbers.
  public func callAsFunction(_ x: Tensor) -> Tensor {
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
