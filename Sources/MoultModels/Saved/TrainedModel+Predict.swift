import MoultCore
import MoultNN
import MoultPlatform

extension TrainedModel {
  /// The name of each output of a classification, also of outputs that are no class; empty for a regression.
  public var outputNames: [String] {
    guard target.task == .classification else { return [] }
    let names = target.classNames
    return names + (names.count..<max(names.count, spec.layers.outputSize)).map { "output_\($0)" }
  }

  /// The number of values in one input row: the encoded columns of a table, or the pixels of an image.
  public var inputSize: Int { encoding?.inputSize ?? spec.layers.inputSize }

  /// Predicts rows of inputs, encoded as in training.
  ///
  /// The same inputs, passes and seed give the same predictions, bit for bit, for any number of threads and however the
  /// rows are split among calls with `firstRow`.
  ///
  /// - Shapes: `inputs: [N, ...]` with ``inputSize`` values a row; bytes are scaled to 0...1 as in training.
  /// - Complexity: `passes` forward passes; memory for 1,000 rows beside the predictions.
  /// - Parameters:
  ///   - passes: Stochastic forward passes with dropout on; 0 for one pass with dropout off.
  ///   - seed: The seed of the masks.
  ///   - firstRow: The index of the first row in the whole input, for callers that split it.
  /// - Throws: `.usage` for inputs of another size, or a negative number of passes.
  public func predict(
    _ inputs: Tensor, passes: Int = 100, seed: UInt64 = 0, firstRow: Int = 0
  ) throws(MoultError) -> [RowPrediction] {
    guard inputs.rank > 1, inputs.shape.dropFirst().reduce(1, *) == inputSize else {
      throw MoultError(
        .usage, "expected inputs [N, \(inputSize)], as the model takes, got \(inputs.shape); reshape them",
        location: path)
    }
    guard passes >= 0, firstRow >= 0 else {
      throw MoultError(
        .usage, "expected passes and firstRow of 0 or more, got \(passes) and \(firstRow)", location: path)
    }
    let count = inputs.shape[0]
    return withSeed(seed) {
      stride(from: 0, to: count, by: EncodedRows.batchSize).flatMap { start in
        let rows = inputs[start..<min(start + EncodedRows.batchSize, count)]
        let values = rows.dtype == .uint8 ? rows.cast(to: .float32) / 255 : rows.cast(to: .float32)
        return target.task == .classification
          ? classes(values, passes, firstRow: firstRow + start) : numbers(values, passes, firstRow: firstRow + start)
      }
    }
  }

  private func numbers(_ inputs: Tensor, _ passes: Int, firstRow: Int) -> [RowPrediction] {
    // A regression without noise is refused when the file is read.
    let noise = noise ?? NoiseEstimate(variance: .nan, residualVariance: .nan)
    let means: [Double], variances: [Double]
    if passes > 0 {
      let prediction = network.predict(inputs, passes: passes, as: .regression, firstSample: firstRow)
      means = prediction.mean.scalars(as: Double.self)
      variances = prediction.variance.scalars(as: Double.self).map { $0 + noise.variance }
    } else {
      means = outputs(inputs).scalars(as: Double.self)
      variances = means.map { _ in noise.residualVariance }
    }
    return zip(means, variances).map { mean, variance in
      RowPrediction(
        classes: nil,
        number: NumberPrediction(
          mean: target.inUnits(mean), deviation: variance.squareRoot() * target.deviation))
    }
  }

  private func classes(_ inputs: Tensor, _ passes: Int, firstRow: Int) -> [RowPrediction] {
    let names = outputNames, count = spec.layers.outputSize
    let probabilities: [Double], entropies: [Double], informations: [Double]
    if passes > 0 {
      let prediction = network.predict(inputs, passes: passes, as: .classification, firstSample: firstRow)
      probabilities = prediction.mean.scalars(as: Double.self)
      entropies = prediction.entropy.scalars(as: Double.self)
      informations = prediction.mutualInformation.scalars(as: Double.self)
    } else {
      probabilities = softmax(outputs(inputs), axis: 1).scalars(as: Double.self)
      entropies = stride(from: 0, to: probabilities.count, by: count).map { start in
        probabilities[start..<start + count].reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
      }
      informations = entropies.map { _ in 0 }
    }
    return entropies.indices.map { row in
      RowPrediction(
        classes: ClassPrediction(
          probabilities: Array(probabilities[row * count..<(row + 1) * count]), entropy: entropies[row],
          mutualInformation: informations[row], names: names), number: nil)
    }
  }

  private func outputs(_ inputs: Tensor) -> Tensor { withGradients(false) { network.evaluating { network(inputs) } } }
}
