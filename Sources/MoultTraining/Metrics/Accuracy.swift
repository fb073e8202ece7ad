import MoultCore

/// The fraction of samples whose largest logit is at the correct class, accumulated over batches.
///
///     var accuracy = Accuracy()
///     accuracy.update(logits: model(x), labels: y)
///     print(accuracy.value)
public struct Accuracy: Sendable, Equatable {
  /// The number of samples classified correctly so far.
  public private(set) var correct = 0
  /// The number of samples so far.
  public private(set) var total = 0

  /// Makes an accuracy without samples.
  public init() {}

  /// Makes an accuracy from earlier counts, to continue it.
  init(correct: Int, of total: Int) { (self.correct, self.total) = (correct, total) }

  /// The accuracy `correct / total`, 0 to 1; nil before the first sample.
  public var value: Double? { total == 0 ? nil : Double(correct) / Double(total) }

  /// Whether the shapes and types are those of a classification: `logits: [N, K]` with K at least 1, and integer
  /// `labels: [N]`.
  public static func applies(logits: Tensor, labels: Tensor) -> Bool {
    logits.rank == 2 && labels.rank == 1 && !labels.dtype.isFloatingPoint && logits.shape[0] == labels.shape[0]
      && logits.shape[1] > 0
  }

  /// Adds the predictions of one batch.
  ///
  /// - Shapes: `logits: [N, K]`, `labels: [N]`, integers in `0..<K`.
  /// - Edge cases: Of equal largest logits the first one counts; NaN counts as the largest value.
  /// - Complexity: O(*N* · *K*).
  public mutating func update(logits: Tensor, labels: Tensor) {
    require(
      Self.applies(logits: logits, labels: labels),
      "Accuracy: expected logits: [N, K] and integer labels: [N], got \(logits.shape) and \(labels.shape) "
        + "of \(labels.dtype.rawValue)")
    let guesses = logits.detached().argmax(axis: 1).scalars(as: Int64.self)
    let classes = labels.scalars(as: Int64.self)
    for (guess, label) in zip(guesses, classes) where guess == label { correct += 1 }
    total += classes.count
  }
}
