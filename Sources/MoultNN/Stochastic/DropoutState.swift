import MoultCore
import Synchronization

/// The state of a ``StochasticLayer``: its number in the mask law, its mode, its rate and its count of calls, but never
/// a mask.
///
/// Reflection finds it in a property of the layer, so `train()`, `eval()`, `freeze()` and the scopes of every model
/// around the layer act on it. A fresh layer is in training mode, as in PyTorch.
public final class DropoutState: Sendable {
  /// Whether the layer's random numbers belong to the rows of its input or to the call.
  public let draws: DrawPattern
  /// The number and the count of calls.
  package let calls: StochasticState
  package let layerMode = LayerMode()

  private let rateBits: Atomic<UInt64>
  private let isRateSet = Atomic(false)
  /// A check that stops the program for a rate that the layer cannot have; nil for a layer without a rate.
  private let checkRate: (@Sendable (Double) -> Void)?

  /// The state of a layer without a rate.
  ///
  /// - Parameters:
  ///   - draws: Whether the layer's random numbers belong to the rows of its input or to the call.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1, to pin it; else `train()` and `eval()` number the
  ///     layers of a model.
  public init(draws: DrawPattern = .perRow, stream: Int? = nil) {
    (self.draws, checkRate) = (draws, nil)
    rateBits = Atomic(0)
    calls = StochasticState(stream: stream)
  }

  /// The state of a layer with a rate.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* (not of keeping), 0 to 1; anything else stops the program.
  ///   - layer: The layer's name, for that message.
  ///   - draws: Whether the layer's random numbers belong to the rows of its input or to the call.
  ///   - stream: The layer's number in the mask law, 0 to 2³¹ - 1, to pin it.
  public convenience init(rate: Double, of layer: StaticString, draws: DrawPattern = .perRow, stream: Int? = nil) {
    self.init(rate: rate, draws: draws, stream: stream) { requireRate($0, "\(layer)") }
  }

  /// - Parameter checkRate: A check that stops the program for a rate that the layer cannot have.
  init(rate: Double, draws: DrawPattern = .perRow, stream: Int?, checkRate: @escaping @Sendable (Double) -> Void) {
    checkRate(rate)
    (self.draws, self.checkRate) = (draws, checkRate)
    rateBits = Atomic(rate.bitPattern)
    calls = StochasticState(stream: stream)
  }

  /// The probability of *dropping*; 0 for a layer without a rate.
  ///
  /// - Complexity: reading is one relaxed atomic load.
  public var rate: Double {
    get { Double(bitPattern: rateBits.load(ordering: .relaxed)) }
    set {
      guard let checkRate else { fatalError("DropoutState: this layer has no rate to set to \(newValue)") }
      checkRate(newValue)
      rateBits.store(newValue.bitPattern, ordering: .relaxed)
      isRateSet.store(true, ordering: .relaxed)
    }
  }

  /// Whether the rate was set, for example by a schedule, since the layer was made.
  package var rateWasSet: Bool { isRateSet.load(ordering: .relaxed) }

  /// The mode that counts now: that of freezing, of the innermost scope, or of the last `train()` or `eval()`.
  public var mode: Mode { layerMode.current }

  /// Counts a call of the layer and returns its random numbers.
  ///
  /// - Returns: nil in evaluation mode, and at a rate of 0: the layer then draws nothing and counts nothing.
  public func nextDraws() -> LayerDraws? {
    let mode = layerMode.current, rate = self.rate
    if mode == .evaluation || rate == 0 && checkRate != nil { return nil }
    let use = calls.nextUse(mode)
    return LayerDraws(use: draws == .perCall ? use.sharedBySamples : use, rate: rate, mode: mode)
  }
}
