import MoultCore

/// A dropout variant: its name, its source, and how it is used in a network.
///
/// The tool's `--variant` and `--list-variants`, and the tests that run over every variant, read ``all``. A new variant
/// needs a file with its layer and a `static let` in an extension of this type, a line in ``all``, and a trial in
/// Tests/MoultNNTests/Dropout/Trials. A variant that is a loss is instead a `static let` in
/// DropoutVariant+Losses.swift, with its own tests in place of a trial.
public struct DropoutVariant: Sendable {
  /// The name in the tool: lower case, with hyphens, such as `drop-path`.
  public let name: String
  /// A summary of one line.
  public let summary: String
  /// The authors, the year and the link of the paper.
  public let source: String
  /// How the variant is used in a fully connected network.
  public let place: Place
  /// Whether the rate is learned. The rate that is passed is then the initial rate, above 0 and below 1.
  public let isRateLearned: Bool

  /// The way a variant is used in a network of linear layers and activations.
  public enum Place: Sendable {
    /// A layer after each hidden activation, made by a function of the rate.
    case hidden(@Sendable (_ rate: Double) -> any Module<Tensor, Tensor>)
    /// A layer that replaces a linear layer, made by a function of its sizes and the rate.
    case layer(@Sendable (_ inputSize: Int, _ outputSize: Int, _ rate: Double) -> any Module<Tensor, Tensor>)
    /// A loss that runs the model itself, in place of `crossEntropy(model(inputs), labels)`: a function of the model,
    /// inputs, labels and rate that returns a scalar.
    case loss(
      @Sendable (_ model: any Module<Tensor, Tensor>, _ inputs: Tensor, _ labels: Tensor, _ rate: Double) -> Tensor)
    /// The variant does not apply to a fully connected network. The value names the part that the variant requires, for
    /// example "a recurrent layer".
    case needs(String)
  }

  /// Makes a variant from its properties.
  package init(
    _ name: String, _ summary: String, source: String, place: Place, isRateLearned: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.place = place
    self.isRateLearned = isRateLearned
  }

  /// All variants, in the order in which the tool lists them.
  public static let all: [DropoutVariant] = [
    .elementwise, .spatial1D, .spatial2D, .spatial3D, .batchShared, .groupShared, .locked, .sharedAxes,
    .alpha, .featureAlpha, .gaussian, .gaussianNoise, .cutout,
    .concrete, .variational, .variationalLinear,
    .dropConnect, .weightDrop, .dropPath, .layerDrop, .dropBlock, .zoneout, .embedding, .attention, .multiSample,
    .standout, .rDrop, .mixup,
  ]
}
