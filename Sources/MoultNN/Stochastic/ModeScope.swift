import MoultCore

/// One open `evaluating { }` or `sampling { }`: a mode for the layers of one model, or for all, seen by the current
/// task and its children only.
final class ModeScope: Sendable {
  /// The innermost scope of the current task.
  static var innermost: ModeScope? { LayerContext.current?.modes }

  private let mode: Mode
  /// The layers, nil for all. They are held themselves, since the address of one that is freed may be used for another.
  private let layers: [ObjectIdentifier: LayerMode]?
  private let outer: ModeScope?

  init(_ mode: Mode, for layers: [LayerMode]) {
    self.mode = mode
    self.layers = Dictionary(layers.map { (ObjectIdentifier($0), $0) }, uniquingKeysWith: { first, _ in first })
    self.outer = ModeScope.innermost
  }

  /// A scope for every layer that is used in it.
  init(forEveryLayer mode: Mode) {
    (self.mode, layers, outer) = (mode, nil, nil)
  }

  /// The mode that the innermost scope that names `layer` gives it, or nil if none does.
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
