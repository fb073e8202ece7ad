import CMoultKernels

/// Draws of a layer's use that are not masks: one for each unit of each sample.
extension MaskUse {
  /// Numbers spread evenly over 0 ..< 1, for a tensor whose samples run along `batchAxis`.
  ///
  /// - Parameter draw: Which of the use's draws: 0 for the first.
  package func uniform(_ shape: [Int], batchAxis: Int = 0, dtype: DType, draw: UInt32 = 0) -> Tensor {
    draws(shape, batchAxis, dtype, draw) {
      mk_uniform_f32($0, $1, 0, 1, $2)
    } _: {
      mk_uniform_f64($0, $1, 0, 1, $2)
    }
  }

  /// Normally distributed numbers of mean 0 and deviation 1, for a tensor whose samples run along `batchAxis`.
  ///
  /// - Parameter draw: Which of the use's draws: 0 for the first.
  package func normal(_ shape: [Int], batchAxis: Int = 0, dtype: DType, draw: UInt32 = 0) -> Tensor {
    draws(shape, batchAxis, dtype, draw) {
      mk_normal_f32($0, $1, 0, 1, $2)
    } _: {
      mk_normal_f64($0, $1, 0, 1, $2)
    }
  }

  private func draws(
    _ shape: [Int], _ batchAxis: Int, _ dtype: DType, _ draw: UInt32,
    _ fillFloat: @Sendable (UnsafePointer<UInt64>?, Int, UnsafeMutablePointer<Float>?) -> Void,
    _ fillDouble: @Sendable (UnsafePointer<UInt64>?, Int, UnsafeMutablePointer<Double>?) -> Void
  ) -> Tensor {
    require(dtype.isFloatingPoint, "random draws: expected float32 or float64, got \(dtype)")
    let count = Shape.count(shape, "random draws")
    guard shape.count > 1 else {
      let result = Storage(count: count, dtype: dtype)
      fill(result, rows: 0..<1, units: count, sample: 0, stride: 0, draw, fillFloat, fillDouble)
      return Tensor(NDArray(storage: result, shape: shape))
    }
    let axis = Shape.axis(batchAxis, rank: shape.count, "random draws")
    guard axis == 0 else {
      let order = [axis] + shape.indices.filter { $0 != axis }
      let back = shape.indices.map { order.firstIndex(of: $0) ?? 0 }
      return draws(order.map { shape[$0] }, 0, dtype, draw, fillFloat, fillDouble).permuted(back)
    }
    if passes != nil {
      guard let parts = parts(ofRows: shape[0]) else {
        return alone.draws(shape, 0, dtype, draw, fillFloat, fillDouble)
      }
      let draws = parts.map {
        $0.use.draws([$0.rows.count] + shape.dropFirst(), 0, dtype, draw, fillFloat, fillDouble)
      }
      return draws.count == 1 ? draws[0] : concatenate(draws, axis: 0)
    }
    let rows = shape[0], result = Storage(count: count, dtype: dtype)
    let (last, overflow) = sampleStride.multipliedReportingOverflow(by: UInt64(max(rows, 1) - 1))
    require(
      !overflow && last < 1 << 32 && last + firstSample < 1 << 32,
      "random draws: expected sample indices below 2^32 for \(rows) rows; start a new step instead")
    parallelFor(rows, elements: 16 * count / max(rows, 1)) { range in
      fill(
        result, rows: range, units: count / rows, sample: firstSample, stride: sampleStride, draw, fillFloat, fillDouble
      )
    }
    return Tensor(NDArray(storage: result, shape: shape))
  }

  private func fill(
    _ result: Storage, rows: Range<Int>, units: Int, sample: UInt64, stride: UInt64, _ draw: UInt32,
    _ fillFloat: (UnsafePointer<UInt64>?, Int, UnsafeMutablePointer<Float>?) -> Void,
    _ fillDouble: (UnsafePointer<UInt64>?, Int, UnsafeMutablePointer<Double>?) -> Void
  ) {
    for row in rows {
      let sample = UInt32(sample + stride * UInt64(row))
      let bits = stream.bits(units, step: step, sample: sample, draw: draw)
      if result.dtype == .float32 {
        fillFloat(bits, units, result.pointer(as: Float.self) + row * units)
      } else {
        fillDouble(bits, units, result.pointer(as: Double.self) + row * units)
      }
    }
  }
}
