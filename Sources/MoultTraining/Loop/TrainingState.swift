import MoultCore
import MoultNN

/// A training between two steps, as a value: weights, optimizer, counts, what the begun epoch has added up, and the
/// states of callbacks. From it another trainer goes on to the same bits.
///
/// ```swift
/// try trainer.state().write(to: "checkpoint.safetensors", identity: "digits, first try")
/// // later, with a model, an optimizer and callbacks made in the same way:
/// try trainer.load(try TrainingState.read("checkpoint.safetensors", identity: "digits, first try"))
/// ```
///
/// The settings are not part of it: data, batch size, schedules, the model's build. An identity can stand for them.
public struct TrainingState: Sendable {
  /// What decides masks and the order of samples.
  public let seed: UInt64
  /// Epochs that are finished.
  public let completedEpochs: Int
  /// Steps that were taken.
  public let completedSteps: Int
  /// Why training ended at this place, if callbacks ended it; `fit` then ends at once.
  public let stopReason: String?
  /// The optimizer's learning rate, which may be a callback's doing.
  let learningRate: Double
  /// What the begun epoch has added up, and the samples that it runs over.
  let begun: EpochTotals
  let begunCount: Int
  /// How often each layer that draws was used for training outside a trainer.
  let uses: [String: UInt32]
  let model: [String: Tensor]
  let optimizer: [String: Tensor]
  /// Of those callbacks that have one, in their order.
  let callbacks: [[String: Tensor]]
}

extension Trainer {
  /// The training as it stands now. It stays what it is when training goes on.
  ///
  /// - Complexity: O(*n*) time for what optimizers and products keep in another order; the numbers are shared until
  ///   they change.
  public func state() -> TrainingState { state(stopReason: loadedStopReason) }

  func state(stopReason: String?) -> TrainingState {
    TrainingState(
      seed: seed, completedEpochs: completedEpochs, completedSteps: completedSteps, stopReason: stopReason,
      learningRate: optimizer.learningRate, begun: begun, begunCount: begunCount,
      uses: Dictionary(
        uniqueKeysWithValues: model.stochasticLayers().map {
          ($0.name, UInt32(clamping: $0.layer.dropoutState.calls.uses))
        }),
      model: model.stateDictionary(), optimizer: optimizer.stateDictionary(),
      callbacks: callbacks.compactMap { ($0 as? any StatefulCallback)?.stateDictionary() })
  }

  /// Puts the training where another one stood: the next `fit` does what that one's would have done, bit for bit.
  ///
  /// The model must be of the same build, the optimizer of the same kind with the same settings, and the callbacks that
  /// have a state the same in the same order. Gradients are cleared, and a scheduled weight decay and scheduled rates
  /// are set to those of the last step.
  ///
  /// - Throws: An error of code `.badData` if the state does not fit; then nothing has changed.
  public func load(_ state: TrainingState) throws(MoultError) {
    guard state.seed == seed else {
      throw MoultError(.badData, "training state: expected one of a training with seed \(seed), got seed \(state.seed)")
    }
    let layers = model.stochasticLayers()
    let names = Set(layers.map(\.name))
    if let name = names.symmetricDifference(state.uses.keys).min() {
      throw MoultError(
        .badData,
        "training state: expected the layers of \(Model.self), got one with"
          + "\(names.contains(name) ? "out" : "") \(name); is it the state of another model?")
    }
    let stateful = callbacks.indices.filter { callbacks[$0] is any StatefulCallback }
    guard stateful.count == state.callbacks.count else {
      throw MoultError(
        .badData,
        "training state: expected the states of \(stateful.count) callbacks, got \(state.callbacks.count); "
          + "pass the callbacks that the training had")
    }
    let before = self.state()
    do throws(MoultError) {
      try loadCallbacks(state.callbacks, at: stateful)
      try optimizer.load(state.optimizer)
      // The last, as it checks everything before it changes anything: others never see weights that are taken back.
      try model.load(state.model)
    } catch {
      // The states that were just read fit.
      try? optimizer.load(before.optimizer)
      try? loadCallbacks(before.callbacks, at: stateful)
      throw error
    }
    for (name, layer) in layers { layer.dropoutState.calls.uses = state.uses[name].map(UInt64.init) ?? 0 }
    (completedEpochs, completedSteps) = (state.completedEpochs, state.completedSteps)
    (begun, begunCount, loadedStopReason) = (state.begun, state.begunCount, state.stopReason)
    optimizer.learningRate = state.learningRate
    optimizer.clearGradients()
    if completedSteps > 0 {
      if let weightDecay { optimizer.weightDecay = weightDecay.value(at: completedSteps - 1) }
      rates?.apply(at: completedSteps - 1)
    }
  }

  private func loadCallbacks(_ states: [[String: Tensor]], at indices: [Int]) throws(MoultError) {
    for (index, state) in zip(indices, states) {
      guard var callback = callbacks[index] as? any StatefulCallback else { continue }
      try callback.load(state)
      callbacks[index] = callback
    }
  }
}
