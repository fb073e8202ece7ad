import Foundation
import Moult

/// A training with everything that has a state, made anew for each process that a test plays.
struct ResumeFixture {
  enum Kind: CaseIterable, Sendable {
    case momentum, adam, adamW, schedules, stopping, exponentialAverage, equalAverage, microBatches, concrete, noise
    /// A model with a buffer that training updates, and a scheduled weight decay.
    case bufferAndWeightDecay
  }

  let trainer: Trainer<Network>
  let stopSignal = StopSignal()
  let log: Recorder
  let average: WeightAverage?
  let stopping: EarlyStopping?

  /// Subtracts a running mean, which each training step updates.
  final class Centering: Module {
    let layerMode = LayerMode()
    let runningMean = Buffer(.zeros([16]))

    func callAsFunction(_ x: Tensor) -> Tensor {
      if layerMode.current == .training { runningMean.update(runningMean.value * 0.9 + x.mean(axis: 0) * 0.1) }
      return x - runningMean.value
    }
  }

  /// A hidden layer with two kinds of dropout, one of which learns its rate, and with a layer that has a buffer.
  struct Network: Module {
    let hidden: Linear
    let dropout: Dropout
    let concrete: ConcreteDropout?
    let centering: Centering?
    let output: Linear

    init(concrete: Bool, centering: Bool) {
      hidden = Linear(4, 16)
      dropout = Dropout(0.5)
      self.concrete = concrete ? ConcreteDropout(0.2, rateScale: 1e-3) : nil
      self.centering = centering ? Centering() : nil
      output = Linear(16, 3)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
      var x = dropout(relu(hidden(x)))
      if let concrete { x = concrete(x) }
      if let centering { x = centering(x) }
      return output(x)
    }
  }

  static let (train, validation) = (TrainingFixture.points(35), TrainingFixture.points(12, seed: 2))
  static let batchSize = 10, stepsPerEpoch = 4, epochs = 4

  /// - Parameters:
  ///   - weightSeed: Of the weights, which a loaded state must replace.
  ///   - stopAfter: The step after which training is asked to stop.
  init(_ kind: Kind, weightSeed: UInt64 = 7, stopAfter: Int? = nil, callbacks: [any Callback] = []) {
    let model = withSeed(weightSeed) {
      Network(concrete: kind == .concrete, centering: kind == .bufferAndWeightDecay)
    }
    let parameters = model.parameters()
    let sgd = SGD(parameters, learningRate: 0.1, momentum: 0.9)
    let optimizer: any Optimizer =
      switch kind {
      case .adam: Adam(parameters, learningRate: 0.01)
      case .adamW, .concrete: AdamW(parameters, learningRate: 0.01, weightDecay: 0.1)
      case .noise: GradientNoise(sgd, stream: 5)
      default: sgd
      }
    let signal = stopSignal
    let log = Recorder { step throws(MoultError) in if step.step == stopAfter { signal.request() } }
    self.log = log
    average =
      switch kind {
      case .exponentialAverage: WeightAverage(parameters, .exponential(decay: 0.9))
      case .equalAverage: WeightAverage(parameters, .equal(fromEpoch: 2))
      default: nil
      }
    // The figure gets worse after the second epoch, so that training ends after the third and goes back.
    stopping =
      kind == .stopping
      ? EarlyStopping(
        .init("test", isBetterLower: true) { [3, 1, 2, 0][$0.epoch - 1] }, patience: 1, restoring: parameters) : nil
    var all: [any Callback] = [log]
    if let average { all.append(average) }
    if let stopping { all.append(stopping) }
    trainer = Trainer(
      model, optimizer: optimizer, loss: crossEntropy, seed: 3,
      schedule: kind == .schedules ? CosineSchedule(0.1, over: 16) : nil,
      weightDecay: kind == .bufferAndWeightDecay ? LinearSchedule(from: 0.1, to: 0.01, over: 16) : nil,
      rates: kind == .schedules ? ScheduledRates(model, CurriculumRate(0.5, over: 16)) : nil,
      callbacks: all + callbacks,
      microBatchSize: kind == .microBatches ? 3 : nil, stopSignal: signal)
  }

  /// Trains to the end, or to where it is stopped.
  @discardableResult
  func run() throws -> History {
    try trainer.fit(
      Self.train, validation: Self.validation, epochs: Self.epochs - trainer.completedEpochs, batchSize: Self.batchSize)
  }

  /// All that training leaves: weights, buffers, optimizer and callbacks by their bits, and counts.
  var result: [String: [UInt64]] {
    var tensors = trainer.model.stateDictionary()
    for (key, value) in trainer.optimizer.stateDictionary() { tensors["optimizer/" + key] = value }
    for (key, value) in average?.stateDictionary() ?? [:] { tensors[key] = value }
    for (key, value) in stopping?.stateDictionary() ?? [:] { tensors[key] = value }
    var result: [String: [UInt64]] = [:]
    for (key, value) in tensors { result[key] = value.scalars(as: Double.self).map(\.bitPattern) }
    result["counts"] = [UInt64(trainer.completedEpochs), UInt64(trainer.completedSteps)]
    result["learning rate"] = [trainer.optimizer.learningRate.bitPattern]
    result["weight decay"] = [trainer.optimizer.weightDecay.bitPattern]
    result["rate"] = [trainer.model.dropout.rate.bitPattern]
    return result
  }

  /// The epochs without what depends on the clock.
  static func timeless(_ epochs: [EpochRecord]) -> [EpochRecord] {
    epochs.map { epoch in
      var copy = epoch
      copy.seconds = 0
      copy.samplesPerSecond = 0
      return copy
    }
  }
}
