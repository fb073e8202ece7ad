import MoultCore

extension Module {
  /// Puts every layer below into training mode: dropout drops.
  ///
  /// Also numbers the stochastic layers below if one has no number yet or two have the same (see
  /// Documentation/MaskLaw.md). Frozen layers remember the mode for when they are unfrozen.
  public func train() { setMode(.training) }

  /// Puts every layer below into evaluation mode: dropout is the identity.
  ///
  /// Numbers the stochastic layers as `train()` does.
  public func eval() { setMode(.evaluation) }

  private func setMode(_ mode: Mode) {
    let found = Discovery(of: self)
    for layer in found.modes { layer.set(mode) }
    assignOrdinals(to: found.stochasticLayers.map(\.layer))
  }

  // MARK: - Scopes

  /// Runs `body` with the layers of this model in evaluation mode, for the current task and its children only.
  ///
  /// Gradients stay as they are: on, unless they were off. `infer { }` turns them off as well.
  ///
  /// Other tasks that use the same model keep their mode, so a server may evaluate while a trainer trains. The scope
  /// ends with `body`, even if it throws. Of nested scopes the innermost that names a layer decides.
  ///
  /// - Parameter body: The code to run.
  /// - Returns: The result of `body`.
  public func evaluating<R>(_ body: () throws -> R) rethrows -> R {
    try LayerContext.$current.withValue(.with(scope(.evaluation)), operation: body)
  }

  /// Runs `body` with the layers of this model in evaluation mode, for the current task and its children only.
  ///
  /// Gradients stay as they are: on, unless they were off.
  ///
  /// - Parameters:
  ///   - isolation: The actor that `body` runs on: the caller's.
  ///   - body: The code to run.
  /// - Returns: The result of `body`.
  public func evaluating<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
  ) async rethrows -> R {
    try await LayerContext.$current.withValue(.with(scope(.evaluation)), operation: body)
  }

  /// Runs `body` with the layers of this model in evaluation mode and gradients off, for the current task and its
  /// children only, such as in a server that answers requests.
  ///
  /// ```swift
  /// let logits = model.infer { model(x) }
  /// ```
  ///
  /// Nothing that is computed in it has a history, so no memory is kept for a backward pass. The scope ends with
  /// `body`, even if it throws.
  ///
  /// - Parameter body: The code to run.
  /// - Returns: The result of `body`.
  public func infer<R>(_ body: () throws -> R) rethrows -> R { try evaluating { try withGradients(false, body) } }

  /// Runs `body` with the layers of this model in evaluation mode and gradients off, for the current task and its
  /// children only.
  ///
  /// - Parameters:
  ///   - isolation: The actor that `body` runs on: the caller's.
  ///   - body: The code to run.
  /// - Returns: The result of `body`.
  public func infer<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
  ) async rethrows -> R {
    try await LayerContext.$current.withValue(.with(scope(.evaluation))) { try await withGradients(false, body) }
  }

  /// Runs `body` with the layers of this model in sampling mode and gradients off, for the current task and its
  /// children only.
  ///
  /// In sampling mode dropout drops, from streams of its own that never disturb training (domain 1 of the mask law).
  /// The scope ends with `body`, even if it throws.
  ///
  /// - Parameter body: The code to run.
  /// - Returns: The result of `body`.
  public func sampling<R>(_ body: () throws -> R) rethrows -> R {
    try LayerContext.$current.withValue(.with(scope(.sampling))) { try withGradients(false, body) }
  }

  /// Runs `body` with the layers of this model in sampling mode and gradients off, for the current task and its
  /// children only.
  ///
  /// - Parameters:
  ///   - isolation: The actor that `body` runs on: the caller's.
  ///   - body: The code to run.
  /// - Returns: The result of `body`.
  public func sampling<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
  ) async rethrows -> R {
    try await LayerContext.$current.withValue(.with(scope(.sampling))) { try await withGradients(false, body) }
  }

  private func scope(_ mode: Mode) -> ModeScope { ModeScope(mode, for: Discovery(of: self).modes) }

  // MARK: - Freezing

  /// Stops everything below from learning: parameters take no gradient, and layers stay in evaluation mode.
  ///
  /// Lasts until `unfreeze()`, whatever `train()` and the scopes around a model say.
  public func freeze() { setFrozen(true) }

  /// Undoes `freeze()`: parameters take gradients again, and layers return to the mode that was last set.
  public func unfreeze() { setFrozen(false) }

  private func setFrozen(_ isFrozen: Bool) {
    let found = Discovery(of: self)
    for entry in found.parameters { entry.parameter.isFrozen = isFrozen }
    for layer in found.modes { layer.setFrozen(isFrozen) }
  }
}
