import MoultCore

/// One member of the dropout family: what it is called, and where it belongs in a network.
///
/// The tool's `--variant` and `--list-variants` and the suite that runs over every variant read ``all``. A new variant
/// is one file with its layer and a `static let` in an extension of this type, one line in ``all``, and a trial in
/// Tests/MoultNNTests/Dropout/Trials. A variant that is a loss is a member in DropoutVariant+Losses.swift instead, and
/// has tests of its own in place of a trial.
public struct DropoutVariant: Sendable {
  /// The name in the tool: lower case, with hyphens.
  public let name: String
  /// A summary in one line.
  public let summary: String
  /// The paper, with its link.
  public let source: String
  /// The place where it enters a fully connected network.
  public let place: Place
  /// Whether the rate is learned, and a given one only its start: it must then be above 0 and below 1.
  public let isRateLearned: Bool

  /// The place of a variant in a network of linear layers and activations.
  public enum Place: Sendable {
    /// A layer behind each hidden activation; the argument is the rate.
    case hidden(@Sendable (_ rate: Double) -> any Module<Tensor, Tensor>)
    /// A layer in the place of a linear one.
    case layer(@Sendable (_ inputSize: Int, _ outputSize: Int, _ rate: Double) -> any Module<Tensor, Tensor>)
    /// A loss around the model: that of `model` at inputs and labels, as `crossEntropy(model(inputs), labels)` is one.
    case loss(
      @Sendable (_ model: any Module<Tensor, Tensor>, _ inputs: Tensor, _ labels: Tensor, _ rate: Double) -> Tensor)
    /// No place in such a network; the text says what the variant needs: "a recurrent layer".
    case needs(String)
  }

  /// Describes a variant.
  package init(
    _ name: String, _ summary: String, source: String, place: Place, isRateLearned: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.place = place
    self.isRateLearned = isRateLearned
  }

  /// Every variant, in the order in which the tool lists them.
  public static let all: [DropoutVariant] = [
    .elementwise, .spatial1D, .spatial2D, .spatial3D, .batchShared, .groupShared, .locked, .sharedAxes,
    .alpha, .featureAlpha, .gaussian, .gaussianNoise, .cutout,
    .concrete, .variational, .variationalLinear,
    .dropConnect, .weightDrop, .dropPath, .layerDrop, .dropBlock, .zoneout, .embedding, .attention, .multiSample,
    .standout, .rDrop, .mixup,
  ]
}
