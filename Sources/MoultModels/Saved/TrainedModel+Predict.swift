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
    try check(inputs)
    guard passes >= 0, firstRow >= 0 else {
      throw MoultError(
        .usage, "expected passes and firstRow of 0 or more, got \(passes) and \(firstRow)", location: path)
    }
    return predictions(inputs, passes: passes, seed: seed, masks: .perRow, firstRow: firstRow) {}
  }

  /// Throws `.usage` unless the inputs have ``inputSize`` values per row.
  func check(_ inputs: Tensor) throws(MoultError) {
    guard inputs.rank > 1, inputs.shape.dropFirst().reduce(1, *) == inputSize else {
      throw MoultError(
        .usage, "expected inputs [N, \(inputSize)], as the model takes, got \(inputs.shape); reshape them",
        location: path)
    }
  }

  /// Returns the inputs as Float32, bytes divided by 255.
  func scaled(_ inputs: Tensor) -> Tensor {
    inputs.dtype == .uint8 ? inputs.cast(to: .float32) / 255 : inputs.cast(to: .float32)
  }

  /// Predicts inputs that were checked. It calls `check` before each batch of passes, and ends with its error.
  ///
  /// - Parameter masks: Whether each row has its own masks, or all rows have those of sample 0.
  func predictions(
    _ inputs: Tensor, passes: Int, seed: UInt64, masks: SampledMasks, firstRow: Int = 0,
    beforeEachBatch check: () throws -> Void
  ) rethrows -> [RowPrediction] {
    let count = inputs.shape[0]
    return try withSeed(seed) {
      try stride(from: 0, to: count, by: EncodedRows.batchSize).flatMap { start in
        let values = scaled(inputs[start..<min(start + EncodedRows.batchSize, count)])
        let isClassification = target.task == .classification
        guard passes > 0 else {
          try check()
          return isClassification ? classes(values) : numbers(values)
        }
        let prediction = try network.predict(
          values, passes: passes, as: target.task, masks: masks, firstSample: firstRow + start, beforeEachBatch: check)
        return isClassification ? classes(prediction) : numbers(prediction)
      }
    }
  }

  private func numbers(_ prediction: Prediction) -> [RowPrediction] {
    numbers(
      prediction.mean.scalars(as: Double.self),
      prediction.variance.scalars(as: Double.self).map { $0 + noiseEstimate.variance })
  }

  /// Predicts with dropout off.
  private func numbers(_ inputs: Tensor) -> [RowPrediction] {
    let means = outputs(inputs).scalars(as: Double.self)
    return numbers(means, means.map { _ in noiseEstimate.residualVariance })
  }

  private func numbers(_ means: [Double], _ variances: [Double]) -> [RowPrediction] {
    zip(means, variances).map { mean, variance in
      RowPrediction(
        classes: nil,
        number: NumberPrediction(
          mean: target.inUnits(mean), deviation: variance.squareRoot() * target.deviation))
    }
  }

  /// The noise of a regression. A model file without it is refused when it is read, so the default is never used.
  private var noiseEstimate: NoiseEstimate { noise ?? NoiseEstimate(variance: .nan, residualVariance: .nan) }

  private func classes(_ prediction: Prediction) -> [RowPrediction] {
    classes(
      prediction.mean.scalars(as: Double.self), prediction.entropy.scalars(as: Double.self),
      prediction.mutualInformation.scalars(as: Double.self))
  }

  /// Predicts with dropout off.
  private func classes(_ inputs: Tensor) -> [RowPrediction] {
    let probabilities = softmax(outputs(inputs), axis: 1).scalars(as: Double.self), count = spec.layers.outputSize
    let entropies = stride(from: 0, to: probabilities.count, by: count).map { start in
      probabilities[start..<start + count].reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
    }
    return classes(probabilities, entropies, entropies.map { _ in 0 })
  }

  private func classes(
    _ probabilities: [Double], _ entropies: [Double], _ informations: [Double]
  ) -> [RowPrediction] {
    let names = outputNames, count = spec.layers.outputSize
    return entropies.indices.map { row in
      RowPrediction(
        classes: ClassPrediction(
          probabilities: Array(probabilities[row * count..<(row + 1) * count]), entropy: entropies[row],
          mutualInformation: informations[row], names: names), number: nil)
    }
  }

  private func outputs(_ inputs: Tensor) -> Tensor { withGradients(false) { network.evaluating { network(inputs) } } }
}
