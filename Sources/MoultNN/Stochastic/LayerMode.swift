import MoultCore
import Synchronization

/// The mode of one layer, which `train()`, `eval()`, the scopes and `freeze()` of every model around it set.
///
/// A layer that behaves differently in training keeps one of these in a property and asks for `current` in its forward
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
/// Reflection finds it. A fresh layer is in training mode, as in PyTorch.
public final class LayerMode: Sendable {
  /// Two bits of `Mode` and one that says that the layer is frozen: one word, so that a reader never sees a half-made
  /// change.
  private let bits = Atomic<UInt8>(0)
  private static let modeBits: UInt8 = 0b11
  private static let frozenBit: UInt8 = 0b100

  /// Makes the state of a fresh layer: training mode, not frozen.
  public init() {}

  /// The mode that counts now: evaluation if frozen, else that of the innermost scope that names this layer, else the
  /// one last set.
  ///
  /// - Complexity: one task-local read and one atomic load outside scopes; inside, one lookup for each open scope.
  public var current: Mode {
    let bits = bits.load(ordering: .relaxed)
    if bits & Self.frozenBit != 0 { return .evaluation }
    if let scope = ModeScope.innermost, let mode = scope.mode(of: self) { return mode }
    return Self.mode(bits)
  }

  /// Whether `freeze()` holds the layer in evaluation mode.
  public var isFrozen: Bool { bits.load(ordering: .relaxed) & Self.frozenBit != 0 }

  /// The mode that was set last, whatever freezing and scopes say.
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
