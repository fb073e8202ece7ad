import MoultCore
import MoultNN

/// A fully connected network (multilayer perceptron) with ReLU and dropout after every hidden layer, or with another
/// dropout variant in its place.
///
/// ```swift
/// let model = MLP(ModelSpec(try LayerSizes("784-256x2-10"), dropout: 0.5))
/// ```
///
/// In checkpoints the parameters are named `hiddenLayers.0.weight` ... `outputLayer.bias`.
///
/// - Shapes: `x: [N, ...]` with as many values per row as the network has inputs -> `[N, outputSize]`.
public struct MLP: Module {
  /// The embeddings of a table's categorical columns; nil if the network has none.
  public let embeddings: TableEmbeddings?
  /// The dropout layer on the inputs; nil at rate 0.
  public let inputDropout: Dropout?
  /// The hidden layers, without their activations.
  public let hiddenLayers: [any Module<Tensor, Tensor>]
  /// The dropout layers, one after each hidden activation; empty if the variant replaces the linear layers instead.
  public let dropouts: [any Module<Tensor, Tensor>]
  /// The output layer.
  public let outputLayer: Linear

  /// Builds the network in training mode, with weights drawn from the current seed.
  ///
  /// - Precondition: `spec` describes a valid network: rates in 0...1, a positive max-norm limit, a variant that can be
  ///   used with these layers.
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

  /// Computes the outputs of the network: class logits, or standardized numbers of a regression.
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
