import Moult
import MoultPlatform

/// What a saved model says about samples, row by row, in the target's own words and unit.
struct AnswerMaker {
  enum Answer {
    /// Probabilities of all classes, and how unsure they are, in nats.
    case classes([Double], entropy: Double, mutualInformation: Double)
    /// Mean, and the standard deviation of what may be observed.
    case quantity(mean: Double, deviation: Double)
  }

  let saved: SavedModel
  let model: MLP
  /// Passes with dropout; 0 for one without.
  let samples: Int

  init(_ saved: SavedModel, samples: Int) throws(MoultError) {
    (self.saved, self.samples) = (saved, samples)
    model = try saved.load()
  }

  /// A name for each output of a classification, also for those that are no class; nil for a quantity.
  var outputNames: [String]? {
    guard case .classification(let names) = saved.task else { return nil }
    return names + (names.count..<saved.network.spec.outputSize).map { "output_\($0)" }
  }

  /// Answers for the rows of a batch, which do not depend on how rows are cut into batches.
  func answers(_ batch: SampleSource.Batch) -> [Answer] {
    guard case .regression(_, let mean, let deviation) = saved.task, let noise = saved.noise else {
      return classAnswers(batch)
    }
    let outputs: Tensor, variances: [Double]
    if samples > 0 {
      let prediction = model.predict(batch.inputs, passes: samples, as: .regression, firstSample: batch.first)
      outputs = prediction.mean
      variances = prediction.variance.scalars(as: Double.self).map { $0 + noise.variance }
    } else {
      outputs = plainOutputs(batch.inputs)
      variances = outputs.scalars(as: Double.self).map { _ in noise.residualVariance }
    }
    return zip(outputs.scalars(as: Double.self), variances).map {
      .quantity(mean: $0 * deviation + mean, deviation: $1.squareRoot() * deviation)
    }
  }

  private func classAnswers(_ batch: SampleSource.Batch) -> [Answer] {
    let probabilities: [Double], entropies: [Double], informations: [Double]
    let classCount = saved.network.spec.outputSize
    if samples > 0 {
      let prediction = model.predict(batch.inputs, passes: samples, firstSample: batch.first)
      probabilities = prediction.mean.scalars(as: Double.self)
      entropies = prediction.entropy.scalars(as: Double.self)
      informations = prediction.mutualInformation.scalars(as: Double.self)
    } else {
      probabilities = softmax(plainOutputs(batch.inputs), axis: 1).scalars(as: Double.self)
      entropies = stride(from: 0, to: probabilities.count, by: classCount).map { start in
        probabilities[start..<start + classCount].reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
      }
      informations = entropies.map { _ in 0 }
    }
    return entropies.indices.map { row in
      .classes(
        Array(probabilities[row * classCount..<(row + 1) * classCount]), entropy: entropies[row],
        mutualInformation: informations[row])
    }
  }

  private func plainOutputs(_ inputs: Tensor) -> Tensor { withGradients(false) { model.evaluating { model(inputs) } } }

  /// How many standard deviations to either side hold the share `level` of a normal distribution.
  static func quantile(_ level: Double) -> Double {
    var (low, high) = (0.0, 40.0)
    // erf(z / √2) = level: 60 halvings are all that a Double can tell apart.
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if 1 - erfc(middle / 2.0.squareRoot()) < level { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

extension [Double] {
  /// The place of the greatest, the first of equals.
  var greatestIndex: Int { indices.dropFirst().reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}
