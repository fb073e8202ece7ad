import MoultCore

/// Gathers the passes of one prediction in constant memory.
///
/// - Source: [Welford 1962](https://doi.org/10.1080/00401706.1962.10490022): equal passes give a variance of exactly 0.
struct PredictionAccumulator {
  private let task: PredictiveTask
  private var samples = 0
  private var mean: Tensor?
  /// The sum of the squared differences from the mean.
  private var spread: Tensor?
  /// The sum of the entropies of the passes.
  private var entropies: Tensor?

  init(task: PredictiveTask) {
    self.task = task
  }

  /// Takes the output of one more pass.
  mutating func add(_ output: Tensor) {
    samples += 1
    let value = task == .classification ? softmax(output, axis: -1) : output
    if task == .classification {
      let entropy = Self.entropy(of: value)
      entropies = entropies.map { $0 + entropy } ?? entropy
    }
    guard let oldMean = mean, let oldSpread = spread else {
      mean = value
      spread = Tensor.zeros(value.shape, dtype: value.dtype)
      return
    }
    let difference = value - oldMean
    let newMean = oldMean + difference / Double(samples)
    spread = oldSpread + difference * (value - newMean)
    mean = newMean
  }

  /// What the passes say together, or nil if there were none.
  var prediction: Prediction? {
    guard let mean, let spread else { return nil }
    let count = Double(samples)
    guard let entropies else {
      return Prediction(
        task: task, samples: samples, mean: mean, variance: spread / count, entropy: nil, mutualInformation: nil)
    }
    let entropy = Self.entropy(of: mean)
    // Never negative but for rounding.
    let information = relu(entropy - entropies / count)
    return Prediction(
      task: task, samples: samples, mean: mean, variance: spread / count, entropy: entropy,
      mutualInformation: information)
  }

  /// -Σ p · log p along the last axis, where 0 · log 0 is 0.
  private static func entropy(of probabilities: Tensor) -> Tensor {
    let terms = probabilities * log(probabilities)
    let zeros = Tensor.zeros(probabilities.shape, dtype: probabilities.dtype)
    return -select(probabilities .== 0, zeros, terms).sum(axis: -1)
  }
}
