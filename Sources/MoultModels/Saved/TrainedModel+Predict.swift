import MoultCore
import MoultNN
import MoultPlatform

extension TrainedModel {
  /// The names of the outputs of a classification, `output_3` for an output that belongs to no class; empty for a
  /// regression.
  public var outputNames: [String] {
    guard target.task == .classification else { return [] }
    let names = target.classNames
    return names + (names.count..<max(names.count, spec.layers.outputSize)).map { "output_\($0)" }
  }

  /// The number of values in one row of inputs: the encoded columns of a table, or the pixels of an image.
  public var inputSize: Int { encoding?.inputSize ?? spec.layers.inputSize }

  /// Predicts rows of inputs that are encoded as in training.
  ///
  /// The same inputs, number of passes and seed give the same predictions, bit for bit, for any number of threads and
  /// for any split of the rows among calls with `firstRow`.
  ///
  /// - Shapes: `inputs: [N, ...]` with ``inputSize`` values per row; `uint8` inputs are divided by 255, as in training.
  /// - Complexity: `passes` forward passes; rows are processed 1,000 at a time to bound memory.
  /// - Parameters:
  ///   - inputs: The encoded rows.
  ///   - passes: The number of stochastic forward passes, with dropout on; 0 for one pass with dropout off.
  ///   - seed: The seed of the dropout masks.
  ///   - firstRow: The index of the first row of `inputs` in the whole input, from 0, if the input is split among
  ///     calls.
  /// - Returns: One prediction per row, in the order of the rows.
  /// - Throws: `.usage` for inputs of another size, or for a negative number of passes or row index.
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
    // A model file of a regression without noise is refused when it is read, so the default is never used.
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
