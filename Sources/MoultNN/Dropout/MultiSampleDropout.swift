import MoultCore

/// Applies a head to several randomly dropped copies of its input in training and averages the outputs; applies the
/// head once, to the input itself, in evaluation.
///
///     y = 1 / samples · Σ head(dropout(x)),   with a new mask in each term
///
/// The layers before the dropout run only once, and their gradient averages over `samples` masks, so training needs
/// fewer steps. Averaging the outputs, as here, is common. The paper averages the losses; compute them from
/// `outputs(of:)`.
///
/// - Shapes: the input and output shapes of `head`.
/// - Gradient: the mean of the gradients with each mask.
/// - Edge cases: `rate == 0` applies `head` once and draws nothing; `rate == 1` applies `head` to zeros.
/// - Mask law (Documentation/MaskLaw.md): that of ``Dropout``; mask `j` belongs to the `j`th mask call.
/// - Complexity: `samples` times that of `head`.
/// - Source: [Inoue 2019](https://arxiv.org/abs/1905.09788).
public struct MultiSampleDropout<Head: Module>: Module where Head.Input == Tensor, Head.Output == Tensor {
  /// The layers after the dropout.
  public let head: Head
  /// The dropout of the head's input.
  public let dropout: Dropout
  /// The number of masks, at least 1.
  public let samples: Int

  /// Makes a layer in training mode that applies dropout and then `head`.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a unit, 0 to 1.
  ///   - samples: The number of masks, at least 1; 8 in the paper.
  ///   - head: The layers after the dropout, usually the last layer of a classifier.
  ///   - stream: The number of the dropout in the mask law, 0 to 2³¹ - 1; nil lets `train()` and `eval()` number it.
  public init(_ rate: Double, samples: Int = 8, _ head: Head, stream: Int? = nil) {
    requireRate(rate, "MultiSampleDropout")
    require(samples >= 1, "MultiSampleDropout: expected at least 1 sample, got \(samples)")
    self.samples = samples
    self.head = head
    dropout = Dropout(rate, stream: stream)
  }

  /// Applies the head to each dropped copy of `x`.
  ///
  /// - Parameter x: The input of the head.
  /// - Returns: The mean of the head's outputs over the masks, or its only output in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let outputs = outputs(of: x)
    let sum = outputs.dropFirst().reduce(outputs[0], +)
    return outputs.count == 1 ? sum : sum / Double(outputs.count)
  }

  /// Returns the head's output for each mask, or its only output in evaluation mode or at a rate of 0.
  ///
  /// - Parameter x: The input of the head.
  /// - Returns: `samples` outputs, or one.
  /// - Complexity: `samples` times that of the head.
  public func outputs(of x: Tensor) -> [Tensor] {
    if dropout.mode == .evaluation || dropout.rate == 0 { return [head(x)] }
    return (0..<samples).map { _ in head(dropout(x)) }
  }
}

extension DropoutVariant {
  static let multiSample = DropoutVariant(
    "multi-sample", "averages a head over several masks of its input",
    source: "Inoue 2019, https://arxiv.org/abs/1905.09788",
    place: .layer { MultiSampleDropout($2, samples: 4, Linear($0, $1)) })
}
