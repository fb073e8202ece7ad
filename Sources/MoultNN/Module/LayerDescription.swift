import MoultCore

/// A layer as a file of weights describes it: a module that holds no other modules, or a stochastic layer.
///
/// Types that only put other modules together are not described, so that they may be renamed.
package struct LayerDescription: Sendable, Equatable {
  /// The path of the layer in the model.
  package let path: String
  /// The name of its type.
  package let type: String
  /// Its dropout rate; nil for a layer without a rate, and for one whose rate a schedule sets.
  package let rate: Double?

  package init(path: String, type: String, rate: Double?) {
    (self.path, self.type, self.rate) = (path, type, rate)
  }
}

extension Module {
  /// Returns the descriptions of all layers of this module and of its nested modules, depth first in the order of
  /// declaration; a shared layer is listed once.
  package func layerDescriptions() -> [LayerDescription] { Discovery(of: self).layerDescriptions }
}

extension Discovery {
  var layerDescriptions: [LayerDescription] {
    layers.map { name, layer in
      let rated = layer as? any RatedLayer
      return LayerDescription(
        path: name, type: String(describing: type(of: layer)),
        rate: rated.flatMap { $0.dropoutState.isRateScheduled ? nil : $0.rate })
    }
  }
}
