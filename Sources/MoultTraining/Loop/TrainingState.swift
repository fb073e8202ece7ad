import MoultCore
import MoultNN

/// A training between two steps, as a value: weights, optimizer, counts, the sums of the begun epoch, and the states
/// of callbacks. From it another trainer goes on to the same bits.
///
/// ```swift
/// try trainer.state().write(to: "checkpoint.safetensors", identity: "digits, first try")
/// // later, with a model, an optimizer and callbacks made in the same way:
/// try trainer.load(try TrainingState.read("checkpoint.safetensors", identity: "digits, first try"))
/// ```
///
/// The settings are not part of it: data, batch size, schedules, the model's build. An identity can stand for them.
public struct TrainingState: Sendable {
  /// The seed of the masks and of the order of samples.
  public let seed: UInt64
  /// Epochs that are finished.
  public let completedEpochs: Int
  /// Steps that were taken.
  public let completedSteps: Int
  /// The reason for which callbacks ended training at this place, if they did; `fit` then ends at once.
  public let stopReason: String?
  /// The optimizer's learning rate, which a callback may have set.
  let learningRate: Double
  /// The sums of the begun epoch, and the number of samples that it runs over.
  let begun: EpochTotals
  let begunCount: Int
  /// The number of times that each layer that draws was used for training outside a trainer.
  let uses: [String: UInt32]
  let model: [String: Tensor]
  let optimizer: [String: Tensor]
  /// The states of those callbacks that have one, in their order.
  let callbacks: [[String: Tensor]]
}

extension Trainer {
  /// The training as it stands now. It does not change when training goes on.
  ///
  /// - Complexity: O(*n*) time for numbers that optimizers and products keep in another order; all others are shared
  ///   until they change.
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

  /// Loads the state of another training: the next `fit` gives the bits that the other's next one would have given.
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
      // The model is the last, as it checks everything before it changes anything: weights never have to be taken back.
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
