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
/// After an interrupt (Ctrl-C, a `StopSignal`) the weights stay those of the last step, so that the next `fit` goes on
/// where training stopped. To go on in another process, save `stateDictionary()` beside the model and the optimizer.
///
/// - Source: [Prechelt 1998](https://doi.org/10.1007/3-540-49430-8_3), in the form of `keras.callbacks.EarlyStopping`.
public final class EarlyStopping: StatefulCallback {
  /// The metric that is watched.
  public let figure: Figure
  /// Epochs without a better figure after which training ends.
  public let patience: Int
  /// By how much a figure must be better to count.
  public let minimumChange: Double
  /// The best epoch so far, and its figure.
  public private(set) var best: (epoch: Int, figure: Double)?
  /// The reason to end training, once there is one.
  public private(set) var stopReason: String?
  private let parameters: [Parameter]
  private var bestValues: [Tensor] = []
  /// Epochs since the best one.
  private var waited = 0

  /// Makes the callback; one for each run.
  ///
  /// - Parameters:
  ///   - figure: The metric that is watched.
  ///   - patience: Epochs without a better figure after which training ends, at least 1.
  ///   - minimumChange: By how much a figure must be better to count, at least 0.
  ///   - parameters: The parameters that get the values of the best epoch back when training ends, be it early, by its
  ///     plan or by an error, but not by an interrupt; empty for none. A later `fit` goes on from those values. Buffers
  ///     keep the values of the last step.
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

  /// Clears an earlier reason to stop, so that a second call of `fit` goes on; the best figure stays.
  public func onTrainBegin(_ plan: TrainingPlan) {
    stopReason = nil
  }

  /// Looks at the epoch's figure.
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

  /// Brings the best weights back, if it was asked to and training was not interrupted.
  public func onTrainEnd(_ history: History) {
    if history.interrupted != nil { return }
    for (parameter, value) in zip(parameters, bestValues) { parameter.value = value }
  }

  /// The best epoch, its figure and its weights if they are to come back, and the epochs since, from which a run in
  /// another process goes on.
  ///
  /// - Returns: Tensors by name: `earlyStopping.epoch`, `.figure`, `.waited` and `.value.0` ...; none before the first
  ///   epoch.
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
  /// - Parameter state: The state dictionary of an `EarlyStopping` of the same figure that restores the same
  ///   parameters.
  /// - Throws: An error of code `.badData` if it does not fit; then nothing has changed.
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
