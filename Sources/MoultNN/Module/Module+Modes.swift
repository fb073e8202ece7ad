import MoultCore

extension Module {
  /// Sets all layers of this module and of its nested modules to training mode, in which dropout drops units.
  ///
  /// Also numbers the stochastic layers of the module, if one has no number or two have the same number (see
  /// Documentation/MaskLaw.md). A frozen layer stays in evaluation mode and returns to training mode when it is
  /// unfrozen.
  public func train() { setMode(.training) }

  /// Sets all layers of this module and of its nested modules to evaluation mode, in which dropout is the identity.
  ///
  /// Also numbers the stochastic layers, as `train()` does.
  public func eval() { setMode(.evaluation) }

  private func setMode(_ mode: Mode) {
    let found = Discovery(of: self)
    for layer in found.modes { layer.set(mode) }
    assignOrdinals(to: found.stochasticLayers.map(\.layer))
  }

  // MARK: - Scopes

  /// Runs `body` with the layers of this model in evaluation mode, for the current task and its children only.
  ///
  /// Gradients are not turned off; `infer { }` does both.
  ///
  /// Other tasks that use the same model keep their mode, so a server can evaluate while a trainer trains. The mode
  /// ends when `body` returns or throws. Where scopes are nested, the innermost one that includes a layer sets the mode
  /// of the layer.
  ///
  /// - Parameter body: The code to run.
  /// - Returns: The result of `body`.
  public func evaluating<R>(_ body: () throws -> R) rethrows -> R {
    try LayerContext.$current.withValue(.with(scope(.evaluation)), operation: body)
  }

  /// Runs `body` with the layers of this model in evaluation mode, for the current task and its children only.
  ///
  /// Gradients are not turned off.
  ///
  /// - Parameters:
  ///   - isolation: The actor that `body` runs on, by default the caller's.
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
  /// Results computed in `body` have no history, so no memory is kept for a backward pass. The scope ends when `body`
  /// returns or throws.
  ///
  /// - Parameter body: The code to run.
  /// - Returns: The result of `body`.
  public func infer<R>(_ body: () throws -> R) rethrows -> R { try evaluating { try withGradients(false, body) } }

  /// Runs `body` with the layers of this model in evaluation mode and gradients off, for the current task and its
  /// children only.
  ///
  /// - Parameters:
  ///   - isolation: The actor that `body` runs on, by default the caller's.
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
  /// In sampling mode dropout drops units, with random numbers that are independent of those of training (domain 1 in
  /// Documentation/MaskLaw.md), so training is not disturbed. The scope ends when `body` returns or throws.
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
  ///   - isolation: The actor that `body` runs on, by default the caller's.
  ///   - body: The code to run.
  /// - Returns: The result of `body`.
  public func sampling<R>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
  ) async rethrows -> R {
    try await LayerContext.$current.withValue(.with(scope(.sampling))) { try await withGradients(false, body) }
  }

  private func scope(_ mode: Mode) -> ModeScope { ModeScope(mode, for: Discovery(of: self).modes) }

  // MARK: - Freezing

  /// Freezes all parameters and layers of this module and of its nested modules: parameters get no gradient and are not
  /// updated, and layers stay in evaluation mode.
  ///
  /// The freeze lasts until `unfreeze()`. `train()`, `sampling { }` and other scopes do not change it.
  public func freeze() { setFrozen(true) }

  /// Ends `freeze()`: parameters get gradients again, and layers return to the mode that was set last.
  public func unfreeze() { setFrozen(false) }

  private func setFrozen(_ isFrozen: Bool) {
    let found = Discovery(of: self)
    for entry in found.parameters { entry.parameter.isFrozen = isFrozen }
    for layer in found.modes { layer.setFrozen(isFrozen) }
  }
}
