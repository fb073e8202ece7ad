import MoultCore
import Synchronization

/// The mode of one layer: training, evaluation or sampling. Methods of an enclosing model such as `train()`, `eval()`,
/// `fixMode(_:)` and `evaluating { }` set it.
///
/// A layer that behaves differently in training stores a `LayerMode` in a property and reads `current` in its forward
/// pass:
///
/// ```swift
/// final class Jitter: Module {
///   let layerMode = LayerMode()
///
///   func callAsFunction(_ x: Tensor) -> Tensor {
///     layerMode.current == .training ? x + Tensor.randomNormal(x.shape, standardDeviation: 0.1) : x
///   }
/// }
/// ```
///
/// Reflection finds the property. A new layer is in training mode, as in PyTorch.
///
/// Freezing weights does not change modes: dropout of a frozen part still drops units in training and sampling mode.
public final class LayerMode: Sendable {
  /// Two bits for the mode, one bit for fixed and two for the fixed mode, in one atomic word, so that a reader never
  /// sees a partial change.
  private let bits = Atomic<UInt8>(0)
  private static let modeBits: UInt8 = 0b11
  private static let fixedBit: UInt8 = 0b100
  private static let fixedModeShift: UInt8 = 3

  /// Makes the mode of a new layer: training, not fixed.
  public init() {}

  /// The current mode: the fixed mode if there is one, else the mode of the innermost scope that includes the layer,
  /// else the mode that was set last.
  ///
  /// - Complexity: One task-local read and one atomic load; inside scopes, also one dictionary lookup for each
  ///   enclosing scope until one includes the layer.
  public var current: Mode {
    let bits = bits.load(ordering: .relaxed)
    if bits & Self.fixedBit != 0 { return Self.mode(bits >> Self.fixedModeShift) }
    if let scope = ModeScope.innermost, let mode = scope.mode(of: self) { return mode }
    return Self.mode(bits)
  }

  /// The mode that `fixMode(_:)` keeps the layer in; nil if its mode is not fixed.
  public var fixed: Mode? {
    let bits = bits.load(ordering: .relaxed)
    return bits & Self.fixedBit != 0 ? Self.mode(bits >> Self.fixedModeShift) : nil
  }

  /// Whether the layer is kept in evaluation mode.
  @available(*, deprecated, message: "use fixed == .evaluation; freeze() no longer changes modes")
  public var isFrozen: Bool { fixed == .evaluation }

  /// The mode that `train()` or `eval()` set last, regardless of fixed modes and scopes.
  package var lastSet: Mode { Self.mode(bits.load(ordering: .relaxed)) }

  package func set(_ mode: Mode) {
    update { $0 & ~Self.modeBits | Self.code(mode) }
  }

  /// Fixes the mode, or ends that if `mode` is nil.
  package func fix(_ mode: Mode?) {
    update { $0 & Self.modeBits | (mode.map { Self.fixedBit | Self.code($0) << Self.fixedModeShift } ?? 0) }
  }

  private func update(_ change: (UInt8) -> UInt8) {
    var old = bits.load(ordering: .relaxed)
    while true {
      let result = bits.weakCompareExchange(expected: old, desired: change(old), ordering: .relaxed)
      if result.exchanged { return }
      old = result.original
    }
  }

  private static func code(_ mode: Mode) -> UInt8 {
    switch mode {
    case .training: 0
    case .evaluation: 1
    case .sampling: 2
    }
  }

  private static func mode(_ bits: UInt8) -> Mode {
    switch bits & modeBits {
    case 0: .training
    case 1: .evaluation
    default: .sampling
    }
  }
}
