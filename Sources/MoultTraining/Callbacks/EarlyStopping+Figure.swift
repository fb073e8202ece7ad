import MoultCore

extension EarlyStopping {
  /// A metric of an epoch, and whether it is better lower or higher.
  public struct Figure: Sendable {
    let name: String
    let isBetterLower: Bool
    let value: @Sendable (EpochRecord) -> Double?

    /// The loss over the validation data.
    public static let validationLoss = Figure("validation_loss", isBetterLower: true) { $0.validationLoss }
    /// The share of validation samples that are classified rightly.
    public static let validationAccuracy = Figure("validation_accuracy", isBetterLower: false) { $0.validationAccuracy }
    /// The loss over the training data, as trained.
    public static let trainLoss = Figure("train_loss", isBetterLower: true) { $0.trainLoss }

    /// A metric of your own; nil in an epoch that has none, which is an error.
    public init(_ name: String, isBetterLower: Bool, _ value: @escaping @Sendable (EpochRecord) -> Double?) {
      self.name = name
      self.isBetterLower = isBetterLower
      self.value = value
    }

    /// Whether `value` is better than the best so far by more than `change`. NaN never is, and anything else is better
    /// than nothing.
    func isBetter(_ value: Double, than best: Double?, by change: Double = 0) -> Bool {
      if value.isNaN { return false }
      guard let best else { return true }
      return isBetterLower ? value < best - change : value > best + change
    }

    /// The error for an epoch that does not have the figure.
    func missing(_ callback: String) -> MoultError {
      MoultError(
        .usage, "\(callback): expected an epoch with \(name), got none; give fit(validation:) data with classes")
    }
  }
}
