import MoultCore

extension EarlyStopping {
  /// A metric of an epoch, with the direction in which it is better.
  public struct Figure: Sendable {
    let name: String
    let isBetterLower: Bool
    let value: @Sendable (EpochRecord) -> Double?

    /// The loss over the validation data.
    public static let validationLoss = Figure("validation_loss", isBetterLower: true) { $0.validationLoss }
    /// The fraction of validation samples that are classified correctly.
    public static let validationAccuracy = Figure("validation_accuracy", isBetterLower: false) { $0.validationAccuracy }
    /// The mean loss over the training data in training mode, measured while the weights change.
    public static let trainLoss = Figure("train_loss", isBetterLower: true) { $0.trainLoss }

    /// A metric of the trainer over the validation data, which knows whether lower values are better.
    ///
    /// - Parameter metric: A metric with the name of one of the trainer's, such as `.f1()`.
    public static func metric(_ metric: some Metric) -> Figure {
      let name = metric.name
      return Figure(name, isBetterLower: metric.isBetterLower) { $0.validationMetrics?[name] }
    }

    /// Makes a metric.
    ///
    /// - Parameters:
    ///   - name: The name of the metric in messages.
    ///   - isBetterLower: Whether lower values are better.
    ///   - value: Returns the metric of an epoch. If it returns nil, the callback that uses the metric ends training
    ///     with an error.
    public init(_ name: String, isBetterLower: Bool, _ value: @escaping @Sendable (EpochRecord) -> Double?) {
      self.name = name
      self.isBetterLower = isBetterLower
      self.value = value
    }

    /// Whether `value` is better than `best` by more than `change`. NaN is never better; any other value is better than
    /// nil.
    func isBetter(_ value: Double, than best: Double?, by change: Double = 0) -> Bool {
      if value.isNaN { return false }
      guard let best else { return true }
      return isBetterLower ? value < best - change : value > best + change
    }

    /// Returns the error of code `.usage` for an epoch without the metric.
    func missing(_ callback: String) -> MoultError {
      MoultError(
        .usage,
        "\(callback): expected an epoch with \(name), got none; give fit(validation:) data with classes, and "
          + "Trainer(metrics:) a metric of this name if it is one")
    }
  }
}
