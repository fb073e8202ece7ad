import MoultCore

extension Module {
  /// Returns all parameters of this module and of its nested modules, depth first in the order of declaration; a shared
  /// parameter is listed once.
  ///
  /// - Returns: The parameters, as an optimizer takes them.
  /// - Complexity: One walk by reflection over all properties; keep the result instead of calling this in a loop.
  public func parameters() -> [Parameter] {
    Discovery(of: self).parameters.map(\.parameter)
  }

  /// Returns all parameters with their names, the paths of the properties that hold them.
  ///
  /// - Returns: Pairs with names such as `hiddenLayer1.weight`, in the order of `parameters()`.
  /// - Complexity: One walk by reflection over all properties.
  public func namedParameters() -> [(name: String, parameter: Parameter)] {
    Discovery(of: self).parameters
  }

  /// Returns all buffers with their names, the paths of the properties that hold them. A buffer is saved but not
  /// trained.
  ///
  /// - Returns: Pairs with names such as `norm.runningMean`, depth first in the order of declaration; a shared buffer
  ///   is listed once.
  /// - Complexity: One walk by reflection over all properties.
  public func namedBuffers() -> [(name: String, buffer: Buffer)] {
    Discovery(of: self).buffers
  }

  /// Returns the layers that draw random numbers with their paths, in the order in which they are numbered
  /// (Documentation/MaskLaw.md); a shared layer is listed once.
  package func stochasticLayers() -> [(name: String, layer: any StochasticLayer)] {
    Discovery(of: self).stochasticLayers
  }

  /// Returns the stochastic layers that have a rate with their paths, in the order of ``stochasticLayers()``.
  package func ratedLayers() -> [(name: String, layer: any RatedLayer)] {
    Discovery(of: self).rated
  }

  /// Returns the modes of all layers of this module and of its nested modules; a shared mode is listed once.
  package func layerModes() -> [LayerMode] {
    Discovery(of: self).modes
  }

  /// Returns the values of all parameters and buffers by name, as checkpoints store them.
  ///
  /// - Returns: Tensors without a history. Later optimizer steps do not change them.
  /// - Complexity: One walk by reflection over all properties.
  public func stateDictionary() -> [String: Tensor] {
    let found = Discovery(of: self)
    return Dictionary(
      uniqueKeysWithValues: found.parameters.map { ($0.name, $0.parameter.value.detached()) }
        + found.buffers.map { ($0.name, $0.buffer.value) })
  }
}
