import MoultCore

/// The fraction of samples whose largest logit is that of their class, counted batch by batch.
///
///     var accuracy = Accuracy()
///     accuracy.update(logits: model(x), labels: y)
///     print(accuracy.value)
public struct Accuracy: Sendable, Equatable {
  /// Samples classified rightly so far.
  public private(set) var correct = 0
  /// Samples seen so far.
  public private(set) var total = 0

  /// Makes a count without samples.
  public init() {}

  /// Makes a count that goes on from another.
  init(correct: Int, of total: Int) { (self.correct, self.total) = (correct, total) }

  /// `correct / total`, or `nil` before the first sample.
  public var value: Double? { total == 0 ? nil : Double(correct) / Double(total) }

  /// Whether outputs and labels are those of a classification: `logits: [N, K]`, integer `labels: [N]`.
  public static func applies(logits: Tensor, labels: Tensor) -> Bool {
    logits.rank == 2 && labels.rank == 1 && !labels.dtype.isFloatingPoint && logits.shape[0] == labels.shape[0]
      && logits.shape[1] > 0
  }

  /// Counts one batch.
  ///
  /// - Shapes: `logits: [N, K]`, `labels: [N]`, integers in `0..<K`.
  /// - Edge cases: of equal logits the first counts; a row with NaN counts as `argmax` says.
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
