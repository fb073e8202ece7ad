import MoultCore
import MoultNN

/// The state of a training between two steps: weights, optimizer state, counts, the sums of the unfinished epoch, and
/// callback states. A trainer that loads it continues with the same bits.
///
/// ```swift
/// try trainer.state().write(to: "checkpoint.safetensors", identity: "digits, first try")
/// // later, with a model, an optimizer and callbacks made in the same way:
/// try trainer.load(try TrainingState.read("checkpoint.safetensors", identity: "digits, first try"))
/// ```
///
/// Settings are not part of the state: data, batch size, schedules, the structure of the model. Use an identity to
/// check that they are the same.
public struct TrainingState: Sendable {
  /// The seed of the masks and of the order of the samples.
  public let seed: UInt64
  /// The number of finished epochs.
  public let completedEpochs: Int
  /// The number of steps taken.
  public let completedSteps: Int
  /// The reason for which a callback ended training; nil if none did. After loading, the next call of `fit` ends
  /// immediately with this reason.
  public let stopReason: String?
  /// The learning rate of the optimizer, since a callback may have set it.
  let learningRate: Double
  /// The sums of the unfinished epoch; `begunCount` is the number of samples of its data set.
  let begun: EpochTotals
  let begunCount: Int
  /// The number of training-mode calls of each stochastic layer outside `withStep` scopes, by the path of the layer.
  let uses: [String: UInt32]
  /// The names of the frozen parameters; nil if a file of an older version does not say.
  let frozen: Set<String>?
  let model: [String: Tensor]
  let optimizer: [String: Tensor]
  /// The states of the stateful callbacks, in their order.
  let callbacks: [[String: Tensor]]
}

extension Trainer {
  /// Returns the current state of the training. Later steps do not change it.
  ///
  /// - Complexity: O(*n*) time for packed weights and optimizer buffers, which are copied to row-major order; other
  ///   tensors share their memory until they change.
  public func state() -> TrainingState { state(stopReason: loadedStopReason) }

  func state(stopReason: String?) -> TrainingState {
    TrainingState(
      seed: seed, completedEpochs: completedEpochs, completedSteps: completedSteps, stopReason: stopReason,
      learningRate: optimizer.learningRate, begun: begun, begunCount: begunCount,
      uses: Dictionary(
        uniqueKeysWithValues: model.stochasticLayers().map {
          ($0.name, UInt32(clamping: $0.layer.dropoutState.calls.uses))
        }),
      frozen: Set(model.namedParameters().filter(\.parameter.isFrozen).map(\.name)),
      model: model.stateDictionary(), optimizer: optimizer.stateDictionary(),
      callbacks: callbacks.compactMap { ($0 as? any StatefulCallback)?.stateDictionary() })
  }

  /// Loads the state of another training. The next call of `fit` then gives the same bits as in the other training.
  ///
  /// The model must have the same structure, the optimizer must be of the same kind with the same settings, and the
  /// stateful callbacks must be the same in the same order. The parameters that were frozen are frozen, and no others.
  /// Gradients are cleared. A scheduled weight decay and
  /// scheduled dropout rates are set to their values at the last step.
  ///
  /// - Throws: An error of code `.badData` if seed, names, shapes, types or callbacks do not match; then nothing has
  ///   changed.
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
    let parameters = model.namedParameters()
    if let name = state.frozen?.subtracting(parameters.map(\.name)).min() {
      throw MoultError(
        .badData,
        "training state: expected the frozen parameters of \(Model.self), got \(name); "
          + "is it the state of another model?")
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
      // The model is loaded last: it checks everything before it changes anything, so weights never have to be
      // restored.
      try model.load(state.model)
    } catch {
      // These loads do not fail, since the states were just read from the same objects.
      try? optimizer.load(before.optimizer)
      try? loadCallbacks(before.callbacks, at: stateful)
      throw error
    }
    for (name, layer) in layers { layer.dropoutState.calls.uses = state.uses[name].map(UInt64.init) ?? 0 }
    if let frozen = state.frozen {
      for (name, parameter) in parameters { parameter.isFrozen = frozen.contains(name) }
    }
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
