import MoultCore

extension Module {
  /// Returns an independent copy of the model: one that `make` builds, with the weights, buffers, rates and modes of
  /// this one.
  ///
  /// ```swift
  /// let copy = try encoder.clone { Sequential(Linear(784, 256), ReLU(), Dropout(0.5)) }
  /// ```
  ///
  /// Swift cannot copy the layers of a model, which are objects, so `make` builds a model of the same structure. The
  /// copy has the same layer numbers and counts of calls, so it draws the same masks. Building it takes no random
  /// numbers of the current seed.
  ///
  /// - Parameter make: Builds a model of the same structure, such as the initializer of the model.
  /// - Returns: The copy. Later changes of one of the two do not change the other.
  /// - Throws: An error of code `.badData` if the new model has other parameters, buffers or stochastic layers, and the
  ///   errors of `make`.
  public func clone(_ make: () throws(MoultError) -> Self) throws(MoultError) -> Self {
    let made = withSeed(0) { Result { () throws(MoultError) in try make() } }
    let copy = try made.get()
    let (from, to) = (Discovery(of: self), Discovery(of: copy))
    guard from.stochasticLayers.map(\.name) == to.stochasticLayers.map(\.name), from.modes.count == to.modes.count
    else {
      throw MoultError(
        .badData,
        "clone: expected a model with the stochastic layers \(from.stochasticLayers.map(\.name)), "
          + "got \(to.stochasticLayers.map(\.name))")
    }
    guard !from.sharesObjects(with: to) else {
      throw MoultError(.usage, "clone: expected a new model, got one that shares its layers with this one")
    }
    try copy.load(stateDictionary())
    for (old, new) in zip(from.parameters, to.parameters) { new.parameter.isFrozen = old.parameter.isFrozen }
    for (old, new) in zip(from.modes, to.modes) {
      new.set(old.lastSet)
      new.fix(old.fixed)
    }
    for (old, new) in zip(from.stochasticLayers, to.stochasticLayers) {
      new.layer.dropoutState.takeOver(from: old.layer.dropoutState)
    }
    return copy
  }
}

extension Discovery {
  fileprivate func sharesObjects(with other: Discovery) -> Bool {
    let own = Set(parameters.map { ObjectIdentifier($0.parameter) } + modes.map { ObjectIdentifier($0) })
    let others = other.parameters.map { ObjectIdentifier($0.parameter) } + other.modes.map { ObjectIdentifier($0) }
    return others.contains { own.contains($0) }
  }
}

extension DropoutState {
  /// Sets the rate, the layer number and the counts of calls to those of another state.
  fileprivate func takeOver(from other: DropoutState) {
    if rate != other.rate { rate = other.rate }
    calls.takeOver(from: other.calls)
  }
}
