import MoultCore

extension MaskRecord {
  /// The masks as tensors of truth values (true for kept) by name, to look at or to write with `SafeTensors`.
  ///
  /// A name is the path of the layer in `model`, the count of its uses in the record and, for a further mask of a use,
  /// its number: `dropout1.0`, `dropout1.1`, `heads.dropout.0.1`. Layers and functional forms that are not in `model`
  /// go by their number in the mask law: `layer7.0`.
  ///
  /// - Parameter model: The model that names the layers.
  /// - Returns: Tensors of shape `[samples, units]`.
  /// - Complexity: O(*n*) in the number of all units.
  public func tensors(of model: some Module) -> [String: Tensor] {
    let names = Dictionary(
      model.stochasticLayers().map { (ObjectIdentifier($0.layer.dropoutState.calls), $0.name) },
      uniquingKeysWith: { first, _ in first })
    var uses: [String: Int] = [:]
    var tensors: [String: Tensor] = [:]
    for (layer, masks) in masksByUse {
      guard let first = masks.first else { continue }
      let name = layer.flatMap { names[ObjectIdentifier($0)] } ?? "layer\(first.layer)"
      let use = uses[name, default: 0]
      uses[name] = use + 1
      for (number, mask) in masks.enumerated() {
        tensors[number == 0 ? "\(name).\(use)" : "\(name).\(use).\(number)"] = mask.kept
      }
    }
    return tensors
  }
}
