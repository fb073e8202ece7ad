/// Draws of a layer's use that are not masks: one for each unit of each sample.
extension MaskUse {
  /// Numbers spread evenly over 0 ..< 1, for a tensor whose samples run along `batchAxis`.
  ///
  /// - Parameter draw: Which of the use's draws: 0 for the first.
  package func uniform(_ shape: [Int], batchAxis: Int = 0, dtype: DType, draw: UInt32 = 0) -> Tensor {
    draws(shape, batchAxis, .uniform(low: 0, high: 1, dtype), draw)
  }

  /// Normally distributed numbers of mean 0 and deviation 1, for a tensor whose samples run along `batchAxis`.
  ///
  /// - Parameter draw: Which of the use's draws: 0 for the first.
  package func normal(_ shape: [Int], batchAxis: Int = 0, dtype: DType, draw: UInt32 = 0) -> Tensor {
    draws(shape, batchAxis, .normal(mean: 0, deviation: 1, dtype), draw)
  }

  /// `normal(...) * scale + shift` with the same bits, in one pass.
  package func noise(
    _ shape: [Int], batchAxis: Int = 0, dtype: DType, scale: Double, shift: Double = 0, draw: UInt32 = 0
  ) -> Tensor {
    draws(shape, batchAxis, .noise(scale: scale, shift: shift, dtype), draw)
  }

  /// `log(u) - log(1 - u)` for `u = uniform(...)` with the same bits, in one pass.
  package func logistic(_ shape: [Int], batchAxis: Int = 0, dtype: DType) -> Tensor {
    draws(shape, batchAxis, .logistic(dtype), 0)
  }

  /// Whether each unit is kept, each with a probability of its own.
  ///
  /// - Parameter probabilities: Float64 `[N, ...]`; of rank 0 or 1 it is one sample. The caller splits Monte
  ///   Carlo passes (``onEachPass(_:_:)``).
  /// - Returns: Truth values of that shape.
  package func kept(withProbabilities probabilities: Tensor) -> Tensor {
    let shape = probabilities.shape, p = probabilities.values.contiguous()
    let rows = shape.count > 1 ? shape[0] : 1, units = rows > 0 ? p.count / rows : 0
    let first = checkedFirstSample(rows: rows)
    let result = stream.kept(
      p, rows: rows, units: units, step: step, sample: first,
      stride: UInt32(truncatingIfNeeded: sampleStride))
    return Tensor(NDArray(storage: result, shape: shape))
  }

  private func draws(_ shape: [Int], _ batchAxis: Int, _ distribution: Distribution, _ draw: UInt32) -> Tensor {
    require(
      distribution.dtype.isFloatingPoint, "random draws: expected float32 or float64, got \(distribution.dtype)")
    let count = Shape.count(shape, "random draws")
    guard shape.count > 1 else {
      let result = stream.draws(
        distribution, rows: 1, units: count, step: step, sample: 0, stride: 0, draw: draw)
      return Tensor(NDArray(storage: result, shape: shape))
    }
    let axis = Shape.axis(batchAxis, rank: shape.count, "random draws")
    guard axis == 0 else {
      let order = [axis] + shape.indices.filter { $0 != axis }
      let back = shape.indices.map { order.firstIndex(of: $0) ?? 0 }
      return draws(order.map { shape[$0] }, 0, distribution, draw).permuted(back)
    }
    if passes != nil {
      guard let parts = parts(ofRows: shape[0]) else { return alone.draws(shape, 0, distribution, draw) }
      let draws = parts.map { $0.use.draws([$0.rows.count] + shape.dropFirst(), 0, distribution, draw) }
      return draws.count == 1 ? draws[0] : concatenate(draws, axis: 0)
    }
    let rows = shape[0], first = checkedFirstSample(rows: rows)
    // With one row the stride does not count, whatever it is.
    let result = stream.draws(
      distribution, rows: rows, units: rows > 0 ? count / rows : 0, step: step, sample: first,
      stride: UInt32(truncatingIfNeeded: sampleStride), draw: draw)
    return Tensor(NDArray(storage: result, shape: shape))
  }

  /// The sample of row 0; stops the program if that of any of the rows is 2^32 or more.
  private func checkedFirstSample(rows: Int) -> UInt32 {
    let (last, overflow) = sampleStride.multipliedReportingOverflow(by: UInt64(max(rows, 1) - 1))
    require(
      !overflow && last < 1 << 32 && last + firstSample < 1 << 32,
      "random draws: expected sample indices below 2^32 for \(rows) rows; start a new step instead")
    return UInt32(firstSample)
  }
}
