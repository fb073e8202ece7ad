/// Random numbers, other than masks, for one call of a layer: one for each unit of each sample.
extension MaskUse {
  /// Returns a tensor of random numbers that are uniform on 0 ..< 1.
  ///
  /// - Parameters:
  ///   - shape: The shape of the tensor; with rank 0 or 1 it is one sample.
  ///   - batchAxis: The axis of the samples.
  ///   - dtype: Float32 or Float64.
  ///   - draw: The number of the draw within the call, from 0: equal numbers give equal values.
  package func uniform(_ shape: [Int], batchAxis: Int = 0, dtype: DType, draw: UInt32 = 0) -> Tensor {
    draws(shape, batchAxis, .uniform(low: 0, high: 1, dtype), draw)
  }

  /// Returns a tensor of normally distributed random numbers with mean 0 and standard deviation 1.
  ///
  /// - Parameters:
  ///   - shape: The shape of the tensor; with rank 0 or 1 it is one sample.
  ///   - batchAxis: The axis of the samples.
  ///   - dtype: Float32 or Float64.
  ///   - draw: The number of the draw within the call, from 0: equal numbers give equal values.
  package func normal(_ shape: [Int], batchAxis: Int = 0, dtype: DType, draw: UInt32 = 0) -> Tensor {
    draws(shape, batchAxis, .normal(mean: 0, deviation: 1, dtype), draw)
  }

  /// Returns `normal(...) * scale + shift`, computed in one pass with the same bits.
  package func noise(
    _ shape: [Int], batchAxis: Int = 0, dtype: DType, scale: Double, shift: Double = 0, draw: UInt32 = 0
  ) -> Tensor {
    draws(shape, batchAxis, .noise(scale: scale, shift: shift, dtype), draw)
  }

  /// Returns `log(u) - log(1 - u)` for `u = uniform(...)`, computed in one pass with the same bits.
  package func logistic(_ shape: [Int], batchAxis: Int = 0, dtype: DType) -> Tensor {
    draws(shape, batchAxis, .logistic(dtype), 0)
  }

  /// Returns whether each unit is kept, with its own probability, as a Bool tensor.
  ///
  /// - Parameter logits: The log-odds of keeping each unit: a Float32 or Float64 tensor `[N, ...]`; of rank 0 or 1 it
  ///   is one sample. The probability is their sigmoid in Double. The caller splits a pass-major batch into passes
  ///   (``onEachPass(_:_:)``).
  /// - Returns: A tensor of the same shape.
  package func kept(withLogits logits: Tensor) -> Tensor {
    let shape = logits.shape, values = logits.values.contiguous()
    let rows = shape.count > 1 ? shape[0] : 1, units = rows > 0 ? values.count / rows : 0
    let first = checkedFirstSample(rows: rows)
    let result = stream.kept(
      values, rows: rows, units: units, step: step, sample: first,
      stride: UInt32(truncatingIfNeeded: sampleStride))
    return Tensor(NDArray(storage: result, shape: shape))
  }

  private func draws(_ shape: [Int], _ batchAxis: Int, _ distribution: Distribution, _ draw: UInt32) -> Tensor {
    require(
      distribution.dtype.supportsGradients, "random draws: expected float32 or float64, got \(distribution.dtype)")
    let count = Shape.count(shape, "random draws")
    guard shape.count > 1 else {
      let result = stream.draws(
        distribution, rows: 1, units: count, step: step, sample: 0, stride: 0, draw: draw)
      return Tensor(NDArray(storage: result, shape: shape))
    }
    let axis = Shape.axis(batchAxis, rank: shape.count, "random draws")
    guard axis == 0 else {
      let order = [axis] + shape.indices.filter { $0 != axis }
      return draws(order.map { shape[$0] }, 0, distribution, draw).permuted(Shape.inverse(ofOrder: order))
    }
    if passes != nil {
      guard let parts = parts(ofRows: shape[0]) else { return alone.draws(shape, 0, distribution, draw) }
      let draws = parts.map { $0.use.draws([$0.rows.count] + shape.dropFirst(), 0, distribution, draw) }
      return draws.count == 1 ? draws[0] : concatenate(draws, axis: 0)
    }
    let rows = shape[0], first = checkedFirstSample(rows: rows)
    // With one row the stride has no effect.
    let result = stream.draws(
      distribution, rows: rows, units: rows > 0 ? count / rows : 0, step: step, sample: first,
      stride: UInt32(truncatingIfNeeded: sampleStride), draw: draw)
    return Tensor(NDArray(storage: result, shape: shape))
  }

  /// Returns the index of the sample of row 0. Stops the program if the index of any row's sample is 2^32 or more.
  private func checkedFirstSample(rows: Int) -> UInt32 {
    let (last, overflow) = sampleStride.multipliedReportingOverflow(by: UInt64(max(rows, 1) - 1))
    require(
      !overflow && last < 1 << 32 && last + firstSample < 1 << 32,
      "random draws: expected sample indices below 2^32 for \(rows) rows; start a new step instead")
    return UInt32(firstSample)
  }
}
