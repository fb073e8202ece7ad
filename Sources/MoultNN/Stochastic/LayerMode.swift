import MoultCore
import Synchronization

/// The mode of one layer: training, evaluation or sampling. Methods of an enclosing model such as `train()`, `eval()`,
/// `freeze()` and `evaluating { }` set it.
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
public final class LayerMode: Sendable {
  /// Two bits for the mode and one bit for frozen, in one atomic word, so that a reader never sees a partial change.
  private let bits = Atomic<UInt8>(0)
  private static let modeBits: UInt8 = 0b11
  private static let frozenBit: UInt8 = 0b100

  /// Makes the mode of a new layer: training, not frozen.
  public init() {}

  /// The current mode: evaluation if the layer is frozen, else the mode of the innermost scope that includes the layer,
  /// else the mode that was set last.
  ///
  /// - Complexity: One task-local read and one atomic load; inside scopes, also one dictionary lookup for each
  ///   enclosing scope until one includes the layer.
  public var current: Mode {
    let bits = bits.load(ordering: .relaxed)
    if bits & Self.frozenBit != 0 { return .evaluation }
    if let scope = ModeScope.innermost, let mode = scope.mode(of: self) { return mode }
    return Self.mode(bits)
  }

  /// Whether `freeze()` keeps the layer in evaluation mode.
  public var isFrozen: Bool { bits.load(ordering: .relaxed) & Self.frozenBit != 0 }

  /// The mode that `train()` or `eval()` set last, regardless of freezing and scopes.
  package var lastSet: Mode { Self.mode(bits.load(ordering: .relaxed)) }

  package func set(_ mode: Mode) {
    update { $0 & ~Self.modeBits | Self.code(mode) }
  }

  package func setFrozen(_ isFrozen: Bool) {
    update { isFrozen ? $0 | Self.frozenBit : $0 & ~Self.frozenBit }
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
