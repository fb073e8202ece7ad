import MoultCore
import MoultNN
import MoultPlatform

/// Looks for a learning rate: trains for some steps with one that grows from step to step, watches the loss, and puts
/// everything back.
///
/// ```swift
/// let search = try LearningRateFinder().run(trainer, data.train, batchSize: 100)
/// if let rate = search.suggestion { optimizer.learningRate = rate }
/// ```
///
/// The learning rate of step i of n is `low · (high / low)^(i / (n - 1))`. The search ends when the smoothed loss is
/// more than `explosion` times its lowest, or not finite.
///
/// - Source: [Smith 2015](https://arxiv.org/abs/1506.01186), section 3.3; growth, smoothing and the defaults are those
///   of fastai's `lr_find`.
public struct LearningRateFinder: Sendable {
  /// The first learning rate.
  public let low: Double
  /// The last learning rate, if the loss does not explode before.
  public let high: Double
  /// Steps at most.
  public let steps: Int
  /// The fraction of the smoothed loss that is kept at each step.
  public let smoothing: Double
  /// The multiple of its lowest value that the smoothed loss may reach.
  public let explosion: Double

  /// Makes a finder.
  ///
  /// - Parameters:
  ///   - low: The first learning rate, above 0.
  ///   - high: The last learning rate, above `low`.
  ///   - steps: Steps at most, at least 2.
  ///   - smoothing: The fraction of the smoothed loss that is kept at each step, 0 to 1, not 1.
  ///   - explosion: The multiple of its lowest value that the smoothed loss may reach, above 1.
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

  /// Runs the search with the trainer's model, optimizer, loss and masks, over batches as its next epochs would have
  /// them.
  ///
  /// Afterwards everything is as it was, bit for bit: weights, buffers, the optimizer's state, learning rate and weight
  /// decay, gradients, modes, rates, numbers and counts of layers, and the trainer's counts. No callback is called.
  ///
  /// - Throws: An error of code `.usage` or `.badData` for settings and data that cannot work. A loss that is not
  ///   finite is no error: it ends the search.
  public func run<Model: Module>(
    _ trainer: Trainer<Model>, _ data: Dataset, batchSize: Int
  ) throws(MoultError) -> LearningRateSearch {
    try trainer.check(data: data, validation: nil, epochs: 1, batchSize: batchSize)
    let snapshot = TrainerSnapshot(trainer)
    defer { snapshot.restore(trainer) }
    trainer.optimizer.clearGradients()
    trainer.model.train()
    return withSeed(trainer.seed) { withGradients(true) { search(trainer, data, batchSize: batchSize) } }
  }

  private func search<Model: Module>(
    _ trainer: Trainer<Model>, _ data: Dataset, batchSize: Int
  ) -> LearningRateSearch {
    var points: [LearningRateSearch.Point] = []
    var average = 0.0, keptShare = 1.0, lowest = Double.infinity
    var accuracy = Accuracy()
    var epoch = trainer.completedEpochs
    while true {
      for batch in data.batches(of: batchSize, shuffledBy: trainer.seed, epoch: epoch) {
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
