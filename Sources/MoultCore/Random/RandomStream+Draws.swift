/// A stream's draws that are not masks: one for each unit of each row.
extension RandomStream {
  /// Parts from here on are a layer's other draws; below are masks.
  private static let firstDrawPart: UInt32 = 1024

  /// Draw number `draw` of `units` units a row, where row r has the sample `sample + stride * r`.
  ///
  /// Checks what the mask law requires: u < 2^33, part < 2^26.
  private func spec(
    _ units: Int, step: UInt32, sample: UInt32 = 0, stride: UInt32 = 0, draw: UInt32
  ) -> DrawSpec {
    require(units <= 1 << 33, "random draws: expected at most 2^33 numbers a draw, got \(units)")
    require(draw < (1 << 26) - Self.firstDrawPart, "random draws: expected a draw below 2^26 - 1024, got \(draw)")
    return DrawSpec(
      key: (key0, key1), step: step, sample: sample, stride: stride, part: Self.firstDrawPart + draw)
  }

  /// 64 random bits for each of `count` units, of the layer's draw number `draw`.
  package func bits(_ count: Int, step: UInt32 = 0, sample: UInt32 = 0, draw: UInt32 = 0) -> [UInt64] {
    spec(count, step: step, sample: sample, draw: draw).bits(count)
  }

  /// Numbers spread evenly over `low ..< high`.
  package func uniform(
    _ shape: [Int], low: Double, high: Double, dtype: DType = .float32, step: UInt32 = 0, draw: UInt32 = 0
  ) -> Tensor {
    tensor(shape, step, draw, .uniform(low: low, high: high, dtype))
  }

  /// Normally distributed numbers.
  package func normal(
    _ shape: [Int], mean: Double, standardDeviation: Double, dtype: DType = .float32, step: UInt32 = 0, draw: UInt32 = 0
  ) -> Tensor {
    tensor(shape, step, draw, .normal(mean: mean, deviation: standardDeviation, dtype))
  }

  private func tensor(_ shape: [Int], _ step: UInt32, _ draw: UInt32, _ distribution: Distribution) -> Tensor {
    require(
      distribution.dtype.isFloatingPoint, "random tensors: expected float32 or float64, got \(distribution.dtype)")
    let count = Shape.count(shape, "random tensors")
    return Tensor(
      NDArray(storage: spec(count, step: step, draw: draw).row(distribution, count: count), shape: shape))
  }

  /// Draws for `rows` rows of `units` units; row r has the sample `sample + stride * r`.
  func draws(
    _ distribution: Distribution, rows: Int, units: Int, step: UInt32, sample: UInt32, stride: UInt32, draw: UInt32
  ) -> Storage {
    spec(units, step: step, sample: sample, stride: stride, draw: draw).rows(distribution, rows: rows, units: units)
  }

  /// Whether draw 0 of each unit is below its Float64 probability in `p`, for `rows` rows of `units` units.
  func kept(_ p: NDArray, rows: Int, units: Int, step: UInt32, sample: UInt32, stride: UInt32) -> Storage {
    spec(units, step: step, sample: sample, stride: stride, draw: 0).kept(p, rows: rows, units: units)
  }
}
