import MoultCore

/// One open `evaluating { }` or `sampling { }`: a mode for the layers of one model, seen by the current task and its
/// children only.
final class ModeScope: Sendable {
  /// The innermost scope of the current task.
  @TaskLocal static var innermost: ModeScope?

  private let mode: Mode
  /// Holds the layers themselves, since the address of one that is gone could come back as another's.
  private let layers: [ObjectIdentifier: LayerMode]
  private let outer: ModeScope?

  init(_ mode: Mode, for layers: [LayerMode]) {
    self.mode = mode
    self.layers = Dictionary(layers.map { (ObjectIdentifier($0), $0) }, uniquingKeysWith: { first, _ in first })
    self.outer = ModeScope.innermost
  }

  /// The mode that the innermost scope that names `layer` gives it, or nil if none does.
  func mode(of layer: LayerMode) -> Mode? {
    var scope: ModeScope? = self
    while let current = scope {
      if current.layers[ObjectIdentifier(layer)] != nil { return current.mode }
      scope = current.outer
    }
    return nil
  }
}
