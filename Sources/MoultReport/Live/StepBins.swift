import MoultTraining

/// The metrics of training step by step in bounded memory: consecutive steps are summed in bins, which grow with the
/// number of steps.
package struct StepBins {
  /// The sums over consecutive steps.
  package struct Bin: Equatable {
    /// The number of epochs trained at the end of the bin, with fractions.
    package var position: Double
    package var steps = 1
    package var samples: Int
    var lossSum: Double
    /// The number of correctly classified samples; `nil` for a regression.
    var correct: Double?
    package var seconds: Double
    var learningRate: Double

    package var loss: Double { lossSum / Double(samples) }
    package var accuracy: Double? { correct.map { $0 / Double(samples) } }
    var samplesPerSecond: Double? { seconds > 0 ? Double(samples) / seconds : nil }

    /// Adds the sums of the next bin.
    mutating func add(_ next: Bin) {
      position = next.position
      steps += next.steps
      samples += next.samples
      lossSum += next.lossSum
      if let a = correct, let b = next.correct { correct = a + b } else { correct = nil }
      seconds += next.seconds
      learningRate = next.learningRate
    }
  }

  /// The largest number of bins, more than a terminal has columns.
  package static let capacity = 512

  /// The bins, the oldest first.
  package private(set) var bins: [Bin] = []
  private var stepsPerBin = 1
  private var previous: StepRecord?

  /// Adds a step.
  ///
  /// - Parameters:
  ///   - step: The record of the step.
  ///   - plan: The training plan, for the number of steps per epoch.
  ///   - seconds: The duration of the step.
  ///
  /// - Complexity: O(1) amortized.
  package mutating func add(_ step: StepRecord, plan: TrainingPlan, seconds: Double) {
    let earlier = previous?.epoch == step.epoch ? previous : nil
    previous = step
    // If the first step here is in the middle of an epoch that an earlier call began, the record of the step before is
    // missing.
    let samplesBefore = earlier?.samples ?? (step.stepInEpoch == 1 ? 0 : max(0, step.samples - plan.batchSize))
    let samples = max(1, step.samples - samplesBefore)
    let correct = step.meanAccuracy.map { accuracy in
      guard let earlier, let mean = earlier.meanAccuracy else { return accuracy * Double(samples) }
      return accuracy * Double(step.samples) - mean * Double(earlier.samples)
    }
    let bin = Bin(
      position: Double(step.epoch - 1) + Double(step.stepInEpoch) / Double(max(1, plan.stepsPerEpoch)),
      samples: samples, lossSum: step.loss * Double(samples), correct: correct, seconds: seconds,
      learningRate: step.learningRate)
    if let last = bins.indices.last, bins[last].steps < stepsPerBin {
      bins[last].add(bin)
    } else {
      bins.append(bin)
    }
    if bins.count > Self.capacity { halve() }
  }

  private mutating func halve() {
    stepsPerBin *= 2
    var halved: [Bin] = []
    for (index, bin) in bins.enumerated() {
      if index.isMultiple(of: 2) { halved.append(bin) } else { halved[halved.count - 1].add(bin) }
    }
    bins = halved
  }
}
