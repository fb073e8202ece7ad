import MoultCore

/// How the suite over all dropout variants tries one out.
package struct VariantTrial: Sendable {
  /// What the layer gives for a rate of 1.
  package enum AtRateOne: Sendable {
    /// Zeros with zero gradients, whatever was there.
    case zeros
    /// Something of its own, finite for finite inputs.
    case finite
    /// Nothing: the program stops with a message that contains the text.
    case refused(String)
  }

  /// Mean and variance of an element of the result for an input of ones.
  package typealias Moments = (mean: Double, variance: Double)

  /// Makes a fresh layer, in training mode.
  package var make: @Sendable (_ rate: Double, _ dtype: DType) -> any Module<Tensor, Tensor>
  /// The shape of a small input with at least six samples along axis 0.
  package var shape: [Int]
  /// The rates to try.
  package var rates = [0.1, 0.25, 0.5]
  /// Whether each element of the result is that of the input times a factor that the mask alone decides. Then the
  /// gradient is the layer applied to the upstream gradient, bit for bit.
  package var isDiagonal = true
  /// Which elements share a factor; nil where masks are of something else than elements.
  package var sharing: MaskSharing? = .elementwise
  package var atRateOne = AtRateOne.zeros
  /// What the message of a rate that is no number begins with; nil for a layer whose argument is no rate.
  package var label: String
  /// Moments by rate where there is a closed form.
  package var moments: (@Sendable (_ rate: Double) -> Moments)?
  /// The shape of an input of ones that the moments are taken of.
  package var momentShape = [1 << 11, 1 << 11]
  /// At most so many elements of that shape share a draw: statistics count that many as one.
  package var copies = 1
}
