import MoultCore

extension Module {
  /// All parameters of the module and of the modules in its properties, depth first in the order of declaration; a
  /// shared one is listed once.
  ///
  /// - Returns: The parameters, to give to an optimizer.
  /// - Complexity: One walk by reflection; keep the result rather than calling this in a loop.
  public func parameters() -> [Parameter] {
    Discovery(of: self).parameters.map(\.parameter)
  }

  /// The parameters below with the paths of their properties.
  ///
  /// - Returns: Names such as `hiddenLayer1.weight`, in the order of `parameters()`.
  public func namedParameters() -> [(name: String, parameter: Parameter)] {
    Discovery(of: self).parameters
  }

  /// The buffers below with the paths of their properties: tensors that layers keep and that are not trained.
  ///
  /// - Returns: Names such as `norm.runningMean`, depth first in declaration order, shared ones once.
  public func namedBuffers() -> [(name: String, buffer: Buffer)] {
    Discovery(of: self).buffers
  }

  /// The layers in the module that draw random numbers, in the order in which the mask law numbers them; a shared one
  /// is listed once.
  package func stochasticLayers() -> [(name: String, layer: any StochasticLayer)] {
    Discovery(of: self).stochasticLayers
  }

  /// Those of ``stochasticLayers()`` that have a rate.
  package func ratedLayers() -> [(name: String, layer: any RatedLayer)] {
    Discovery(of: self).rated
  }

  /// The modes of the layers below, shared ones once.
  package func layerModes() -> [LayerMode] {
    Discovery(of: self).modes
  }

  /// The values of all parameters and buffers by name, as checkpoints hold them.
  ///
  /// - Returns: Values that later steps of an optimizer do not change.
  public func stateDictionary() -> [String: Tensor] {
    let found = Discovery(of: self)
    return Dictionary(
      uniqueKeysWithValues: found.parameters.map { ($0.name, $0.parameter.value.detached()) }
        + found.buffers.map { ($0.name, $0.buffer.value) })
  }
}
