import MoultCore
import MoultNN

/// A copy of everything in a trainer, its model and its optimizer that training steps change, to restore it afterwards.
struct TrainerSnapshot {
  private let values: [(parameter: Parameter, value: Tensor, gradient: Tensor?)]
  private let buffers: [(buffer: Buffer, value: Tensor)]
  private let optimizerState: [String: Tensor]
  private let learningRate: Double
  private let weightDecay: Double
  private let modes: [(layer: LayerMode, mode: Mode)]
  private let rates: [(layer: any RatedLayer, rate: Double)]
  private let layers: [(state: StochasticState, ordinal: UInt32?, uses: UInt64)]
  private let completedSteps: Int

  init<Model: Module>(_ trainer: Trainer<Model>) {
    let model = trainer.model
    // The optimizer may have only some parameters of the model, or others.
    var seen: Set<ObjectIdentifier> = []
    values = (model.parameters() + trainer.optimizer.parameters).filter { seen.insert(ObjectIdentifier($0)).inserted }
      .map { ($0, $0.value.detached(), $0.gradient) }
    buffers = model.namedBuffers().map { ($0.buffer, $0.buffer.value) }
    optimizerState = trainer.optimizer.stateDictionary()
    learningRate = trainer.optimizer.learningRate
    weightDecay = trainer.optimizer.weightDecay
    modes = model.layerModes().map { ($0, $0.lastSet) }
    rates = model.ratedLayers().map { ($0.layer, $0.layer.rate) }
    layers = model.stochasticLayers().map { ($0.layer.dropoutState.calls) }.map { ($0, $0.ordinal, $0.uses) }
    completedSteps = trainer.completedSteps
  }

  /// Restores the state of the snapshot.
  func restore<Model: Module>(_ trainer: Trainer<Model>) {
    do {
      try trainer.optimizer.load(optimizerState)
    } catch {
      require(
        false, "\(type(of: trainer.optimizer)): expected load() to take what stateDictionary() gave, got \(error)")
    }
    trainer.optimizer.learningRate = learningRate
    trainer.optimizer.weightDecay = weightDecay
    for (parameter, value, gradient) in values {
      parameter.value = value
      parameter.gradient = gradient
    }
    for (buffer, value) in buffers { buffer.value = value }
    for (layer, mode) in modes { layer.set(mode) }
    for (layer, rate) in rates where layer.rate != rate { layer.rate = rate }
    for (state, ordinal, uses) in layers { (state.ordinal, state.uses) = (ordinal, uses) }
    trainer.completedSteps = completedSteps
  }
}
