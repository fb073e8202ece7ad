import MoultCore

extension MaskRecord {
  /// The recorded masks as named tensors of truth values (true for a kept unit), to inspect or to write with
  /// `SafeTensors`.
  ///
  /// A name is the path of the layer in `model`, a dot, and the number of the layer's call, from 0: `dropout1.0`,
  /// `dropout1.1`; calls that drew no mask are not counted. If a call drew several masks, the second and later ones
  /// also have their number in the call: `heads.dropout.0.1`. A layer or functional call that is not in `model` is
  /// named after its layer number in the mask law (Documentation/MaskLaw.md): `layer7.0`.
  ///
  /// - Parameter model: The model that names the layers.
  /// - Returns: Tensors of shape `[samples, units]` by name.
  /// - Complexity: O(*n*) in the number of units of all masks.
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
