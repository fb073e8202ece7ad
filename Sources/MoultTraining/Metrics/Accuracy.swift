import MoultCore

/// The fraction of samples whose largest logit is at the correct class, accumulated over batches.
///
///     var accuracy = Accuracy()
///     accuracy.update(logits: model(x), labels: y)
///     print(accuracy.value)
///
/// As a ``Metric`` its name is `accuracy`, and with weights it is the weight of the samples classified correctly,
/// divided by the weight of all samples (`accuracy_score` of scikit-learn).
public struct Accuracy: Metric, Equatable {
  /// The number of samples classified correctly so far.
  public private(set) var correct = 0
  /// The number of samples so far.
  public private(set) var total = 0
  /// The weights of the samples classified correctly, and of all samples. Without weights these are the counts.
  private var correctWeight = 0.0, totalWeight = 0.0

  /// Makes an accuracy without samples.
  public init() {}

  /// Makes an accuracy from earlier counts, to continue it.
  init(correct: Int, of total: Int) {
    (self.correct, self.total) = (correct, total)
    (correctWeight, totalWeight) = (Double(correct), Double(total))
  }

  /// The name `accuracy`.
  public var name: String { "accuracy" }
  /// False: higher is better.
  public var isBetterLower: Bool { false }

  /// The accuracy, 0 to 1: `correct / total` without weights; nil if the samples so far have no weight.
  public var value: Double? { totalWeight > 0 ? correctWeight / totalWeight : nil }

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
    for (guess, label) in zip(guesses, classes) { add(guess == label, weight: 1) }
  }

  /// Adds the predictions of one batch, also of two classes with one logit.
  public mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
    let batch = ClassifiedBatch(outputs, labels, weights: weights, "Accuracy")
    for (index, label) in batch.labels.enumerated() {
      add(batch.predictions[index] == label, weight: batch.weights?[index] ?? 1)
    }
  }

  private mutating func add(_ isCorrect: Bool, weight: Double) {
    total += 1
    totalWeight += weight
    if isCorrect {
      correct += 1
      correctWeight += weight
    }
  }
}

extension Metric where Self == Accuracy {
  /// The fraction of samples whose largest logit is at the correct class.
  public static var accuracy: Accuracy { Accuracy() }
}
