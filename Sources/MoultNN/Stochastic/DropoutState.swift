import MoultCore
import Synchronization

/// The state of a ``StochasticLayer``: its layer number in the mask law (Documentation/MaskLaw.md), its mode, its rate
/// and the number of its calls. It stores no masks.
///
/// Reflection finds the state in a property of the layer. Methods of an enclosing model such as `train()`, `eval()`,
/// `fixMode(_:)` and `sampling { }` therefore change its mode. A new layer is in training mode, as in PyTorch.
public final class DropoutState: Sendable {
  /// Whether the layer draws random numbers for each row of its input or once per call.
  public let draws: DrawPattern
  /// The layer number and the number of calls.
  package let calls: StochasticState
  package let layerMode = LayerMode()

  private let rateBits: Atomic<UInt64>
  private let isRateSet = Atomic(false)
  private let isScheduled = Atomic(false)
  /// Stops the program if a rate is not valid for the layer; nil for a layer without a rate.
  private let checkRate: (@Sendable (Double) -> Void)?

  /// Makes the state of a layer without a rate, in training mode.
  ///
  /// - Parameters:
  ///   - draws: Whether the layer draws random numbers for each row of its input or once per call.
  ///   - stream: The fixed layer number, 0 to 2³¹ - 1; nil to let `train()` and `eval()` number the layers of a model.
  public init(draws: DrawPattern = .perRow, stream: Int? = nil) {
    (self.draws, checkRate) = (draws, nil)
    rateBits = Atomic(0)
    calls = StochasticState(stream: stream)
  }

  /// Makes the state of a layer with a rate, in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* (not of keeping), 0 to 1. Other rates stop the program.
  ///   - layer: The name of the layer in the error message for an invalid rate.
  ///   - draws: Whether the layer draws random numbers for each row of its input or once per call.
  ///   - stream: The fixed layer number, 0 to 2³¹ - 1; nil to let `train()` and `eval()` number the layers of a model.
  public convenience init(rate: Double, of layer: StaticString, draws: DrawPattern = .perRow, stream: Int? = nil) {
    self.init(rate: rate, draws: draws, stream: stream) { requireRate($0, "\(layer)") }
  }

  /// - Parameter checkRate: Stops the program if a rate is not valid for the layer.
  init(rate: Double, draws: DrawPattern = .perRow, stream: Int?, checkRate: @escaping @Sendable (Double) -> Void) {
    checkRate(rate)
    (self.draws, self.checkRate) = (draws, checkRate)
    rateBits = Atomic(rate.bitPattern)
    calls = StochasticState(stream: stream)
  }

  /// The probability of *dropping* (not of keeping), 0 to 1; 0 for a layer without a rate. Setting a rate that is not
  /// valid for the layer stops the program.
  ///
  /// - Complexity: O(1); a read is one relaxed atomic load.
  public var rate: Double {
    get { Double(bitPattern: rateBits.load(ordering: .relaxed)) }
    set {
      guard let checkRate else { fatalError("DropoutState: this layer has no rate to set to \(newValue)") }
      checkRate(newValue)
      rateBits.store(newValue.bitPattern, ordering: .relaxed)
      isRateSet.store(true, ordering: .relaxed)
    }
  }

  /// Whether the rate was set after the layer was made, for example by a schedule.
  package var rateWasSet: Bool { isRateSet.load(ordering: .relaxed) }

  /// Whether a schedule sets the rate, so that its value at one step does not describe the layer. Stays true.
  package var isRateScheduled: Bool {
    get { isScheduled.load(ordering: .relaxed) }
    set { isScheduled.store(newValue, ordering: .relaxed) }
  }

  /// The current mode: the fixed mode if there is one, else the mode of the innermost scope (such as `sampling { }`)
  /// that includes the layer, else the mode that `train()` or `eval()` set last.
  public var mode: Mode { layerMode.current }

  /// Counts a call of the layer and returns the random numbers of the call.
  ///
  /// - Returns: The random numbers; nil in evaluation mode or if the layer has a rate of 0. A call that returns nil is
  ///   not counted.
  public func nextDraws() -> LayerDraws? {
    let mode = layerMode.current, rate = self.rate
    if mode == .evaluation || rate == 0 && checkRate != nil { return nil }
    let use = calls.nextUse(mode)
    return LayerDraws(use: draws == .perCall ? use.sharedBySamples : use, rate: rate, mode: mode)
  }
}
