import MoultCore

extension Module {
  /// Sets all layers of this module and of its nested modules to training mode, in which dropout drops units.
  ///
  /// Also numbers the stochastic layers of the module, if one has no number or two have the same number (see
  /// Documentation/MaskLaw.md). A layer whose mode is fixed stays in it and gets the new mode when it is no longer
  /// fixed.
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

  // MARK: - Freezing weights and fixing modes

  /// Freezes all parameters of this module and of its nested modules: they get no gradient and are not updated.
  ///
  /// The freeze lasts until `unfreeze()`; a training state saves it. It does not change modes: dropout of a frozen part
  /// still drops units in training and sampling mode, so that `predict` measures its uncertainty too. To turn that off
  /// as well, call `fixMode(.evaluation)`.
  public func freeze() { setFrozen(true) }

  /// Ends `freeze()`: parameters get gradients again.
  public func unfreeze() { setFrozen(false) }

  private func setFrozen(_ isFrozen: Bool) {
    for entry in Discovery(of: self).parameters { entry.parameter.isFrozen = isFrozen }
  }

  /// Keeps all layers of this module and of its nested modules in a mode, whatever `train()`, `eval()` and scopes such
  /// as `sampling { }` set.
  ///
  /// For example, the part of a model that comes from another training can stay in evaluation mode:
  ///
  /// ```swift
  /// encoder.freeze()
  /// encoder.fixMode(.evaluation)
  /// ```
  ///
  /// The mode stays fixed until `unfixMode()`. No file saves it.
  public func fixMode(_ mode: Mode) {
    for layer in Discovery(of: self).modes { layer.fix(mode) }
  }

  /// Ends `fixMode(_:)`: layers return to the mode that was set last, and scopes change it again.
  public func unfixMode() {
    for layer in Discovery(of: self).modes { layer.fix(nil) }
  }
}
