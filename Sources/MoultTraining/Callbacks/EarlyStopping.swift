import MoultCore
import MoultNN

/// Ends training when a metric has not improved for a number of epochs, and can restore the best weights.
///
/// ```swift
/// let stopping = EarlyStopping(patience: 5, restoring: model.parameters())
/// let trainer = Trainer(model, optimizer: optimizer, loss: crossEntropy, seed: 1, callbacks: [stopping])
/// try trainer.fit(data.train, validation: data.test, epochs: 100, batchSize: 100)
/// ```
///
/// After an interrupt (Ctrl-C, a `StopSignal`) the weights of the last step stay, so that the next `fit` continues from
/// there. To resume in another process, save `stateDictionary()` together with the model and the optimizer.
///
/// - Source: [Prechelt 1998](https://doi.org/10.1007/3-540-49430-8_3), in the form of `keras.callbacks.EarlyStopping`.
public final class EarlyStopping: StatefulCallback {
  /// The metric that is monitored.
  public let figure: Figure
  /// The number of epochs without an improvement after which training ends.
  public let patience: Int
  /// The minimum improvement: a smaller change does not count.
  public let minimumChange: Double
  /// The best epoch so far, counted from 1, and its metric; nil before the first epoch.
  public private(set) var best: (epoch: Int, figure: Double)?
  /// The reason to end training; nil while training should continue.
  public private(set) var stopReason: String?
  private let parameters: [Parameter]
  private var bestValues: [Tensor] = []
  /// The number of epochs since the best one.
  private var waited = 0

  /// Makes the callback. Use a new one for each run.
  ///
  /// - Parameters:
  ///   - figure: The metric that is monitored.
  ///   - patience: The number of epochs without an improvement after which training ends, at least 1.
  ///   - minimumChange: The minimum improvement, at least 0: an epoch must be better by more than this to count as the
  ///     best.
  ///   - parameters: The parameters that are set to the values of the best epoch when training ends, early, as planned
  ///     or by an error, but not after an interrupt. Empty to restore none. A later `fit` continues from the restored
  ///     values. Buffers keep the values of the last step.
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

  /// Clears an earlier reason to stop, so that a second call of `fit` continues; the best metric is kept.
  public func onTrainBegin(_ plan: TrainingPlan) {
    stopReason = nil
  }

  /// Compares the metric of the epoch with the best one.
  ///
  /// - Throws: An error of code `.usage` if the epoch does not have the metric.
  public func onEpochEnd(_ epoch: EpochRecord) throws(MoultError) {
    guard let value = figure.value(epoch) else { throw figure.missing("EarlyStopping") }
    if figure.isBetter(value, than: best?.figure, by: minimumChange) {
      best = (epoch.epoch, value)
      bestValues = parameters.map { $0.value.detached() }
      waited = 0
    } else if let best {
      waited += 1
      guard waited >= patience else { return }
      stopReason = "\(figure.name) has not got better than \(best.figure) since epoch \(best.epoch)"
    }
  }

  /// Restores the best weights, if parameters were passed and training was not interrupted.
  public func onTrainEnd(_ history: History) {
    if history.interrupted != nil { return }
    for (parameter, value) in zip(parameters, bestValues) { parameter.value = value }
  }

  /// Returns the best epoch, its metric, the values to restore, and the number of epochs since, so that a run can be
  /// resumed in another process.
  ///
  /// - Returns: Tensors by name: `earlyStopping.epoch`, `.figure`, `.waited` and `.value.0` and so on; empty before the
  ///   first epoch.
  public func stateDictionary() -> [String: Tensor] {
    guard let best else { return [:] }
    var state = CallbackState(prefix: Self.prefix)
    state.set("epoch", Int64(best.epoch))
    state.set("figure", best.figure)
    state.set("waited", Int64(waited))
    state.set("value", bestValues)
    return state.entries
  }

  /// Loads a state that `stateDictionary()` returned.
  ///
  /// - Parameter state: The state dictionary of an `EarlyStopping` with the same metric and the same parameters to
  ///   restore.
  /// - Throws: An error of code `.badData` if names, shapes or types do not match; then nothing has changed.
  public func load(_ state: [String: Tensor]) throws(MoultError) {
    if state.isEmpty {
      (best, bestValues, waited, stopReason) = (nil, [], 0, nil)
      return
    }
    var rest = CallbackState(prefix: Self.prefix, entries: state)
    let epoch = try rest.takeCount("epoch"), waited = try rest.takeCount("waited")
    let figure = try rest.takeNumber("figure")
    let values = try rest.take("value", like: parameters)
    try rest.requireEmpty()
    (best, bestValues, self.waited, stopReason) = ((epoch, figure), values, waited, nil)
  }

  private static let prefix = "earlyStopping"
}
