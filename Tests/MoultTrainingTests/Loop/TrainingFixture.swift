import Moult

/// A task small enough for a test: which of three corners is a point near?
enum TrainingFixture {
  static func points(_ count: Int, seed: UInt64 = 1) -> TensorDataset {
    let noise = Tensor.randomNormal([count, 4], standardDeviation: 0.3, seed: seed).scalars(as: Float.self)
    let labels = (0..<count).map { $0 % 3 }
    let inputs = noise.enumerated().map { index, value in
      value + (index % 4 == labels[index / 4] ? 1 : 0)
    }
    return TensorDataset(inputs: Tensor(inputs, shape: [count, 4]), labels: Tensor(labels: labels))
  }

  static func model(rate: Double = 0.5, seed: UInt64 = 7) -> TinyNetwork {
    withSeed(seed) { TinyNetwork(rate: rate) }
  }

  static func trainer(
    _ model: TinyNetwork, seed: UInt64 = 3, learningRate: Double = 0.1, schedule: (any Schedule)? = nil,
    rates: ScheduledRates? = nil, callbacks: [any Callback] = [], microBatchSize: Int? = nil,
    stopSignal: StopSignal? = nil
  ) -> Trainer<TinyNetwork> {
    Trainer(
      model, optimizer: SGD(model.parameters(), learningRate: learningRate, momentum: 0.9), loss: crossEntropy,
      seed: seed, schedule: schedule, rates: rates, callbacks: callbacks, microBatchSize: microBatchSize,
      stopSignal: stopSignal)
  }

  /// All weights as bits, in the order of their names.
  static func bits(_ model: some Module) -> [UInt32] {
    model.stateDictionary().sorted { $0.key < $1.key }
      .flatMap { $0.value.scalars(as: Float.self).map(\.bitPattern) }
  }
}

/// One hidden layer with dropout.
struct TinyNetwork: Module {
  let hidden: Linear
  let dropout: Dropout
  let output: Linear

  init(rate: Double) {
    hidden = Linear(4, 16)
    dropout = Dropout(rate)
    output = Linear(16, 3)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { output(dropout(relu(hidden(x)))) }
}

/// Remembers what it was told.
final class Recorder: Callback {
  private(set) var events: [String] = []
  private(set) var plans: [TrainingPlan] = []
  private(set) var steps: [StepRecord] = []
  private(set) var epochs: [EpochRecord] = []
  private(set) var ends: [History] = []
  private let afterStep: (StepRecord) throws(MoultError) -> Void

  init(afterStep: @escaping (StepRecord) throws(MoultError) -> Void = { _ in }) {
    self.afterStep = afterStep
  }

  func onTrainBegin(_ plan: TrainingPlan) {
    events.append("begin")
    plans.append(plan)
  }

  func onStepEnd(_ step: StepRecord) throws(MoultError) {
    events.append("step \(step.step)")
    steps.append(step)
    try afterStep(step)
  }

  func onEpochEnd(_ epoch: EpochRecord) {
    events.append("epoch \(epoch.epoch)")
    epochs.append(epoch)
  }

  func onTrainEnd(_ history: History) {
    events.append("end")
    ends.append(history)
  }
}
