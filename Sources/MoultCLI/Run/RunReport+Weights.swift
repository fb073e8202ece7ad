import Moult
import MoultReport

extension MLP {
  /// Returns the L2 norms of the incoming weights of each layer's units.
  ///
  /// - Parameter limit: The max-norm limit of the hidden layers; nil for none.
  func weightNorms(limit: Double?) -> [WeightNorms] {
    namedParameters().compactMap { name, parameter -> WeightNorms? in
      guard name.hasSuffix("weight"), parameter.shape.count == 2, parameter.shape[0] > 0 else { return nil }
      let value = parameter.value.detached()
      let norms = sqrt((value * value).sum(axis: 1)).scalars(as: Double.self)
      return WeightNorms(
        layer: String(name.dropLast(".weight".count)), mean: norms.reduce(0, +) / Double(norms.count),
        min: norms.min() ?? 0, max: norms.max() ?? 0, limit: name.hasPrefix("hiddenLayers") ? limit : nil)
    }
  }

  /// The rates of the dropout layers, by their paths.
  var rates: [String: Double] {
    Dictionary(
      stochasticLayers().compactMap { name, layer in (layer as? any RatedLayer).map { (name, $0.rate) } },
      uniquingKeysWith: { first, _ in first })
  }
}
