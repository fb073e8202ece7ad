import MoultCore

/// A head that is applied to several dropped versions of its input in training, and to the input itself in evaluation.
///
///     y = 1 / samples · Σ head(dropout(x)),   each with a mask of its own
///
/// The features below are computed once and their gradient is that of `samples` dropouts, so training needs fewer
/// steps. Averaging the outputs, as here, is common; the paper averages the losses, for which `outputs(of:)` gives
/// the outputs.
///
/// - Shapes: those of `head`.
/// - Gradient: the mean of the gradients through each mask.
/// - Edge cases: `rate == 0` is `head` and draws nothing; `rate == 1` is `head` of zeros.
/// - Law: that of `Dropout`; mask `j` is that of the `j`th use.
/// - Complexity: `samples` times that of `head`.
/// - Source: [Inoue 2019](https://arxiv.org/abs/1905.09788).
public struct MultiSampleDropout<Head: Module>: Module where Head.Input == Tensor, Head.Output == Tensor {
  /// The layers behind the dropout.
  public let head: Head
  /// Drops the head's inputs.
  public let dropout: Dropout
  /// The number of masks.
  public let samples: Int

  /// Wraps a head, in training mode.
  ///
  /// - Parameters:
  ///   - rate: The probability of *dropping* a unit, 0 to 1.
  ///   - samples: The number of masks, at least 1; 8 in the paper.
  ///   - head: The layers behind the dropout: a classifier's last layer.
  ///   - stream: The number of the dropout in the mask law, to pin it.
  public init(_ rate: Double, samples: Int = 8, _ head: Head, stream: Int? = nil) {
    requireRate(rate, "MultiSampleDropout")
    require(samples >= 1, "MultiSampleDropout: expected at least 1 sample, got \(samples)")
    self.samples = samples
    self.head = head
    dropout = Dropout(rate, stream: stream)
  }

  /// Applies the head.
  ///
  /// - Parameter x: The features.
  /// - Returns: The mean of the head's outputs over the masks, or its output in evaluation mode.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let outputs = outputs(of: x)
    let sum = outputs.dropFirst().reduce(outputs[0], +)
    return outputs.count == 1 ? sum : sum / Double(outputs.count)
  }

  /// The head's output for each mask, or its only one in evaluation mode or at rate 0.
  ///
  /// - Parameter x: The features.
  /// - Returns: `samples` outputs, or one.
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
