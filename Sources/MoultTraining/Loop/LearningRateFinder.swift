import MoultCore
import MoultNN
import MoultPlatform

/// Searches for a learning rate: trains for some steps with an increasing learning rate, records the loss, and then
/// restores the training.
///
/// ```swift
/// let search = try LearningRateFinder().run(trainer, data.train, batchSize: 100)
/// if let rate = search.suggestion { optimizer.learningRate = rate }
/// ```
///
/// The learning rate of step i of n is `low · (high / low)^(i / (n - 1))`. The search ends early if the smoothed loss
/// exceeds `explosion` times its minimum, or if the loss is not finite.
///
/// - Source: [Smith 2015](https://arxiv.org/abs/1506.01186), section 3.3. The increase, the smoothing and the default
///   values are those of `lr_find` in fastai.
public struct LearningRateFinder: Sendable {
  /// The learning rate of the first step.
  public let low: Double
  /// The learning rate of the last step, if the search does not end early.
  public let high: Double
  /// The maximum number of steps.
  public let steps: Int
  /// The decay rate of the moving average of the loss.
  public let smoothing: Double
  /// The search ends if the smoothed loss exceeds this multiple of its minimum.
  public let explosion: Double

  /// Makes a finder.
  ///
  /// - Parameters:
  ///   - low: The learning rate of the first step, above 0.
  ///   - high: The learning rate of the last step, above `low` and finite.
  ///   - steps: The maximum number of steps, at least 2.
  ///   - smoothing: The decay rate of the moving average of the loss, from 0 to below 1; 0 for no smoothing.
  ///   - explosion: The search ends if the smoothed loss exceeds this multiple of its minimum, above 1.
  public init(
    from low: Double = 1e-7, to high: Double = 10, steps: Int = 100, smoothing: Double = 0.98, explosion: Double = 4
  ) {
    require(
      low > 0 && high > low && high.isFinite, "LearningRateFinder: expected 0 < low < high, got \(low) and \(high)")
    require(steps >= 2, "LearningRateFinder: expected at least 2 steps, got \(steps)")
    require((0..<1).contains(smoothing), "LearningRateFinder: expected smoothing in 0..<1, got \(smoothing)")
    require(explosion > 1, "LearningRateFinder: expected explosion > 1, got \(explosion)")
    (self.low, self.high, self.steps) = (low, high, steps)
    (self.smoothing, self.explosion) = (smoothing, explosion)
  }

  /// Runs the search with the model, optimizer and loss of a trainer, on the batches of its next epochs.
  ///
  /// Afterwards everything is restored, bit for bit: weights, buffers, gradients, the optimizer's state, learning rate
  /// and weight decay, the modes, dropout rates, numbers and call counts of layers, and the step count of the trainer.
  /// No callbacks are called.
  ///
  /// - Parameters:
  ///   - trainer: The trainer whose model is trained.
  ///   - data: The training data.
  ///   - batchSize: The number of samples per step, at least 1.
  /// - Returns: The learning rates and losses of the steps.
  /// - Throws: An error of code `.usage` or `.badData` if settings or data are invalid, and the errors of `data`. A
  ///   loss that is not finite is not an error: it ends the search.
  public func run<Model: Module>(
    _ trainer: Trainer<Model>, _ data: any Dataset, batchSize: Int
  ) throws(MoultError) -> LearningRateSearch {
    try trainer.exclusively { () throws(MoultError) in
      try trainer.check(data: data, validation: nil, epochs: 1, batchSize: batchSize)
      let snapshot = TrainerSnapshot(trainer)
      defer { snapshot.restore(trainer) }
      trainer.optimizer.clearGradients()
      trainer.model.train()
      let outcome = withSeed(trainer.seed) {
        withGradients(true) {
          Result { () throws(MoultError) in try search(trainer, data, batchSize: batchSize) }
        }
      }
      return try outcome.get()
    }
  }

  private func search<Model: Module>(
    _ trainer: Trainer<Model>, _ data: any Dataset, batchSize: Int
  ) throws(MoultError) -> LearningRateSearch {
    var points: [LearningRateSearch.Point] = []
    var average = 0.0, keptShare = 1.0, lowest = Double.infinity
    var accuracy = Accuracy()
    var epoch = trainer.completedEpochs
    while true {
      let batches = data.batches(of: batchSize, shuffledBy: trainer.seed, epoch: epoch)
      while let batch = try batches.next() {
        if points.count == steps { return LearningRateSearch(points: points, hasExploded: false) }
        let rate = low * exp(log(high / low) * Double(points.count) / Double(steps - 1))
        trainer.applySchedules()
        trainer.optimizer.learningRate = rate
        guard let loss = try? trainer.step(on: batch, accuracy: &accuracy) else {
          return LearningRateSearch(points: points, hasExploded: true)
        }
        trainer.completedSteps += 1
        average = smoothing * average + (1 - smoothing) * loss
        keptShare *= smoothing
        let smoothed = average / (1 - keptShare)
        points.append(LearningRateSearch.Point(learningRate: rate, loss: loss, smoothedLoss: smoothed))
        lowest = min(lowest, smoothed)
        if smoothed > explosion * lowest { return LearningRateSearch(points: points, hasExploded: true) }
      }
      epoch += 1
    }
  }
}
