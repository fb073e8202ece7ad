import MoultCore
import MoultNN

/// Ends training when a figure has not got better for a while, and can bring the best weights back.
///
/// ```swift
/// let stopping = EarlyStopping(patience: 5, restoring: model.parameters())
/// let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1, callbacks: [stopping])
/// try trainer.fit(data.train, validation: data.test, epochs: 100, batchSize: 100)
/// ```
///
/// - Source: [Prechelt 1998](https://doi.org/10.1007/3-540-49430-8_3), in the form of `keras.callbacks.EarlyStopping`.
public final class EarlyStopping: Callback {
  /// A figure of an epoch, and which way is better.
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

    /// A figure of your own; nil in an epoch that has none, which is an error.
    public init(_ name: String, isBetterLower: Bool, _ value: @escaping @Sendable (EpochRecord) -> Double?) {
      self.name = name
      self.isBetterLower = isBetterLower
      self.value = value
    }
  }

  /// What is watched.
  public let figure: Figure
  /// Epochs without a better figure after which training ends.
  public let patience: Int
  /// By how much a figure must be better to count.
  public let minimumChange: Double
  /// The best epoch so far, and its figure.
  public private(set) var best: (epoch: Int, figure: Double)?
  /// Why training is to end, once it is.
  public private(set) var stopReason: String?
  private let parameters: [Parameter]
  private var bestValues: [Tensor] = []

  /// Makes the callback; one for each run.
  ///
  /// - Parameters:
  ///   - figure: What is watched.
  ///   - patience: Epochs without a better figure after which training ends, at least 1.
  ///   - minimumChange: By how much a figure must be better to count, at least 0.
  ///   - parameters: What gets the values of the best epoch back when training ends, however it ends; empty for nothing.
  public init(
    _ figure: Figure = .validationLoss, patience: Int, minimumChange: Double = 0, restoring parameters: [Parameter] = []
  ) {
    require(patience >= 1, "EarlyStopping: expected patience >= 1, got \(patience)")
    require(
      minimumChange >= 0 && minimumChange.isFinite, "EarlyStopping: expected minimumChange >= 0, got \(minimumChange)")
    self.figure = figure
    self.patience = patience
    self.minimumChange = minimumChange
    self.parameters = parameters
  }

  /// Forgets an earlier wish to stop, so that a second call of `fit` goes on; the best figure stays.
  public func onTrainBegin(_ plan: TrainingPlan) {
    stopReason = nil
  }

  /// Looks at the epoch's figure.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    guard let value = figure.value(epoch) else {
      throw MoultError(
        .usage,
        "EarlyStopping: expected an epoch with \(figure.name), got none; give fit(validation:) data with classes")
    }
    if isBetter(value) {
      best = (epoch.epoch, value)
      bestValues = parameters.map { $0.value.detached() }
    } else if let best, epoch.epoch - best.epoch >= patience {
      stopReason = "\(figure.name) has not got better than \(best.figure) since epoch \(best.epoch)"
    }
  }

  /// Brings the best weights back, if it was asked to.
  public func onTrainEnd(_ history: History) {
    for (parameter, value) in zip(parameters, bestValues) { parameter.value = value }
  }

  private func isBetter(_ value: Double) -> Bool {
    if value.isNaN { return false }
    guard let best else { return true }
    return figure.isBetterLower ? value < best.figure - minimumChange : value > best.figure + minimumChange
  }
}
