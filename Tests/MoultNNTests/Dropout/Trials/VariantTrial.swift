import MoultCore
import MoultNN

/// How the suite over all dropout variants tries one out.
struct VariantTrial: Sendable {
  /// What the layer gives for a rate of 1.
  enum AtRateOne: Sendable {
    /// Zeros with zero gradients, whatever was there.
    case zeros
    /// Something of its own, finite for finite inputs.
    case finite
    /// Nothing: the program stops with a message that contains the text.
    case refused(String)
  }

  /// What the layer gives in evaluation.
  enum Evaluation: Sendable {
    /// Its input.
    case identity
    /// What it gives at a rate of 0.
    case rateZero
    /// A formula of its own, such as a mean over masks.
    case ownFormula
  }

  /// Mean and variance of an element of the result for an input of ones.
  typealias Moments = (mean: Double, variance: Double)

  /// Makes a fresh layer, in training mode.
  var make: @Sendable (_ rate: Double, _ dtype: DType) -> any Module<Tensor, Tensor>
  /// Makes the layer that is given an input of `momentShape`; that of `make` unless said otherwise.
  var makeLarge: (@Sendable (_ rate: Double) -> any Module<Tensor, Tensor>)?
  /// The shape of a small input with at least six samples along axis 0.
  var shape: [Int]
  /// The rates to try.
  var rates = [0.1, 0.25, 0.5]
  /// Whether each element of the result is that of the input times a factor that the mask alone decides. Then the
  /// gradient is the layer applied to the upstream gradient, bit for bit.
  var isDiagonal = true
  /// Which elements share a factor; nil where masks are of something else than elements.
  var sharing: MaskSharing? = .elementwise
  /// Whether axis 0 runs over samples, so that the input can be split; not so where it is a table of weights.
  var hasSamples = true
  var evaluation = Evaluation.identity
  /// Whether masks are drawn at a rate of 0 too, as by a layer that takes other settings than a rate.
  var drawsAtRateZero = false
  var atRateOne = AtRateOne.zeros
  /// What the message of a rate that is no number begins with.
  var label: String
  /// Moments by rate where there is a closed form.
  var moments: (@Sendable (_ rate: Double) -> Moments)?
  /// The shape of an input of ones that the moments are taken of.
  var momentShape = [1 << 11, 1 << 11]
  /// So many elements of that shape count as one in the standard errors, since they share a draw: the variance of their
  /// mean over that of a mean of independent ones.
  var copies: @Sendable (_ rate: Double) -> Double = { _ in 1 }
}
