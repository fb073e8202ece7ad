import MoultCore
import MoultNN

/// A functional form as a layer: it passes its mode on.
final class FunctionalLayer: Module {
  private let layerMode = LayerMode()
  private let function: @Sendable (_ x: Tensor, _ mode: Mode) -> Tensor

  /// - Parameter function: The functional form, on a stream of its own.
  init(_ function: @escaping @Sendable (_ x: Tensor, _ mode: Mode) -> Tensor) { self.function = function }

  func callAsFunction(_ x: Tensor) -> Tensor { function(x, layerMode.current) }
}
