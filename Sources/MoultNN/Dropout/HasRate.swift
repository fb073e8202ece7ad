import MoultCore
import Synchronization

/// A layer with a probability of dropping that may change while it is in use, as a schedule does.
///
/// The rate is a number, not a parameter: optimizers, checkpoints and gradients never see it. Any task may read and set
/// it; a forward pass reads it once.
public protocol HasRate: AnyObject, Sendable {
  /// The probability of *dropping*, 0 to 1.
  var rate: Double { get set }
}

/// Where a layer keeps its rate: one word that any task may read and set.
///
/// - Complexity: reading is one relaxed atomic load.
package final class RateCell: Sendable {
  private let bits: Atomic<UInt64>
  private let isDriven = Atomic(false)
  private let owner: StaticString

  /// - Parameters:
  ///   - rate: The probability of *dropping*, 0 to 1; anything else stops the program.
  ///   - owner: The layer's name, for that message.
  package init(_ rate: Double, of owner: StaticString) {
    requireRate(rate, "\(owner)")
    bits = Atomic(rate.bitPattern)
    self.owner = owner
  }

  package var value: Double {
    get { Double(bitPattern: bits.load(ordering: .relaxed)) }
    set {
      requireRate(newValue, "\(owner)")
      bits.store(newValue.bitPattern, ordering: .relaxed)
      isDriven.store(true, ordering: .relaxed)
    }
  }

  /// Whether anybody, such as a schedule, has set the rate since the layer was made.
  package var wasSet: Bool { isDriven.load(ordering: .relaxed) }
}

/// Stops the program unless learning can begin at `rate`: 0 and 1 lie infinitely far away for what is learned, a
/// logarithm.
func requireLearnableRate(_ rate: Double, _ layer: StaticString) {
  require(
    rate > 0 && rate < 1,
    "\(layer): expected a rate above 0 and below 1 to start from, got \(rate); it is learned")
}
