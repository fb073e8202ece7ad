import MoultCore

/// A scope such as `evaluating { }` or `sampling { }`, which sets the mode of the layers of one model, or of all
/// layers, for the current task and its child tasks only.
final class ModeScope: Sendable {
  /// The innermost scope of the current task; nil outside scopes.
  static var innermost: ModeScope? { LayerContext.current?.modes }

  private let mode: Mode
  /// The layers of the scope; nil for all layers. The objects are kept alive, since the address of a freed object could
  /// be reused by another layer.
  private let layers: [ObjectIdentifier: LayerMode]?
  private let outer: ModeScope?

  init(_ mode: Mode, for layers: [LayerMode]) {
    self.mode = mode
    self.layers = Dictionary(layers.map { (ObjectIdentifier($0), $0) }, uniquingKeysWith: { first, _ in first })
    self.outer = ModeScope.innermost
  }

  /// Makes a scope that sets the mode of every layer used in it. Enclosing scopes have no effect inside.
  init(forEveryLayer mode: Mode) {
    (self.mode, layers, outer) = (mode, nil, nil)
  }

  /// Returns the mode that the innermost scope with `layer` sets, from this scope outwards; nil if no scope includes
  /// the layer.
  func mode(of layer: LayerMode) -> Mode? {
    var scope: ModeScope? = self
    while let current = scope {
      guard let layers = current.layers else { return current.mode }
      if layers[ObjectIdentifier(layer)] != nil { return current.mode }
      scope = current.outer
    }
    return nil
  }
}
