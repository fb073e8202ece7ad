import MoultCore

/// A measure of the outputs of a model over a data set, such as accuracy or F1. It accumulates batch by batch.
///
/// A trainer computes its metrics on the validation data after every epoch:
///
/// ```swift
/// let stopping = EarlyStopping(.metric(.f1()), patience: 5)
/// let trainer = Trainer(
///   model, optimizer: optimizer, loss: crossEntropy, seed: 1, metrics: [.accuracy, .f1()], callbacks: [stopping])
/// let history = try trainer.fit(data.train, validation: data.test, epochs: 20, batchSize: 100)
/// print(history.last?.validationMetrics?["f1"] ?? .nan)
/// ```
///
/// A metric of your own is a value with a running state. It must be a struct: before each data set the trainer copies
/// the metric that was passed to it, which is empty, and an instance of a class would keep the samples of the data
/// before.
///
/// ```swift
/// struct MeanLogit: Metric {
///   let name = "mean_logit"
///   let isBetterLower = true
///   private var sum = 0.0, count = 0
///
///   var value: Double? { count == 0 ? nil : sum / Double(count) }
///
///   mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
///     sum += outputs.sum().item(as: Double.self)
///     count += outputs.count
///   }
/// }
/// ```
///
/// The outputs of classifiers are logits, as the losses take them: `[N, K]` with integer labels `[N]`, or for two
/// classes also `[N]` or `[N, 1]`, the logits of class 1, with labels 0 and 1 of the same shape or `[N]`. Logarithms of
/// probabilities are logits too.
public protocol Metric: Sendable {
  /// The name in records, logs and messages. The metrics of a trainer have different names.
  var name: String { get }
  /// Whether lower values are better, as for an error.
  var isBetterLower: Bool { get }
  /// The metric of the samples so far; nil if it is not defined for them, for example if there are none.
  var value: Double? { get }

  /// Adds the samples of a batch.
  ///
  /// - Parameters:
  ///   - outputs: The outputs of the model, `[N, ...]`.
  ///   - labels: The labels, `[N, ...]`.
  ///   - weights: The weights of the samples, `[N]`, at least 0; nil if all are 1.
  mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?)
}

extension [any Metric] {
  /// Adds the samples of a batch to every metric.
  mutating func update(_ outputs: Tensor, _ labels: Tensor, weights: Tensor?) {
    for index in indices { self[index].update(outputs, labels, weights: weights) }
  }

  /// The values by the names of the metrics, with NaN for a value that is not defined.
  var valuesByName: [String: Double] {
    Dictionary(map { ($0.name, $0.value ?? .nan) }, uniquingKeysWith: { first, _ in first })
  }

  /// A name that two metrics have; nil if there is none.
  var repeatedName: String? {
    var seen: Set<String> = []
    return first { !seen.insert($0.name).inserted }?.name
  }
}
