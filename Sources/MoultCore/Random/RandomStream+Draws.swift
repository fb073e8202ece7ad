/// Random numbers of a stream, other than masks: one for each unit of each row.
extension RandomStream {
  /// The first part of draws that are not masks (Documentation/MaskLaw.md, "Bits"); the parts below are masks.
  private static let firstDrawPart: UInt32 = 1024

  /// Returns draw number `draw` of the call, with `units` units in each row. Row `r` belongs to sample
  /// `sample + stride * r`.
  ///
  /// Stops the program unless units and part are in the ranges of Documentation/MaskLaw.md: u < 2^33, part < 2^26.
  private func spec(
    _ units: Int, step: UInt32, sample: UInt32 = 0, stride: UInt32 = 0, draw: UInt32
  ) -> DrawSpec {
    require(units <= 1 << 33, "random draws: expected at most 2^33 numbers a draw, got \(units)")
    require(draw < (1 << 26) - Self.firstDrawPart, "random draws: expected a draw below 2^26 - 1024, got \(draw)")
    return DrawSpec(
      key: (key0, key1), step: step, sample: sample, stride: stride, part: Self.firstDrawPart + draw)
  }

  /// Returns 64 random bits for each of `count` units.
  ///
  /// - Parameter draw: The number of the draw within the call, from 0: equal numbers give equal values.
  package func bits(_ count: Int, step: UInt32 = 0, sample: UInt32 = 0, draw: UInt32 = 0) -> [UInt64] {
    spec(count, step: step, sample: sample, draw: draw).bits(count)
  }

  /// Returns a tensor of random numbers that are uniform on `low ..< high`.
  package func uniform(
    _ shape: [Int], low: Double, high: Double, dtype: DType = .float32, step: UInt32 = 0, draw: UInt32 = 0
  ) -> Tensor {
    tensor(shape, step, draw, .uniform(low: low, high: high, dtype))
  }

  /// Returns a tensor of normally distributed random numbers.
  package func normal(
    _ shape: [Int], mean: Double, standardDeviation: Double, dtype: DType = .float32, step: UInt32 = 0, draw: UInt32 = 0
  ) -> Tensor {
    tensor(shape, step, draw, .normal(mean: mean, deviation: standardDeviation, dtype))
  }

  /// Returns random numbers that are uniform on `low ..< high`, `[samples.count] + shape`: a row for each sample.
  package func uniform(
    _ shape: [Int], low: Double, high: Double, samples: [UInt32], step: UInt32, draw: UInt32
  ) -> Tensor {
    tensor(shape, step, samples, draw, .uniform(low: low, high: high, .float32))
  }

  /// Returns normally distributed random numbers, `[samples.count] + shape`: a row for each sample.
  package func normal(
    _ shape: [Int], mean: Double, standardDeviation: Double, samples: [UInt32], step: UInt32, draw: UInt32
  ) -> Tensor {
    tensor(shape, step, samples, draw, .normal(mean: mean, deviation: standardDeviation, .float32))
  }

  private func tensor(
    _ shape: [Int], _ step: UInt32, _ samples: [UInt32], _ draw: UInt32, _ distribution: Distribution
  ) -> Tensor {
    let units = Shape.count(shape, "random tensors"), rows = [samples.count] + shape
    _ = Shape.count(rows, "random tensors")
    let storage = spec(units, step: step, draw: draw).rows(distribution, samples: samples, units: units)
    return Tensor(NDArray(storage: storage, shape: rows))
  }

  private func tensor(_ shape: [Int], _ step: UInt32, _ draw: UInt32, _ distribution: Distribution) -> Tensor {
    require(
      distribution.dtype.supportsGradients, "random tensors: expected float32 or float64, got \(distribution.dtype)")
    let count = Shape.count(shape, "random tensors")
    return Tensor(
      NDArray(storage: spec(count, step: step, draw: draw).row(distribution, count: count), shape: shape))
  }

  /// Returns random numbers of `distribution` for `rows` rows of `units` units. Row `r` belongs to sample
  /// `sample + stride * r`.
  func draws(
    _ distribution: Distribution, rows: Int, units: Int, step: UInt32, sample: UInt32, stride: UInt32, draw: UInt32
  ) -> Storage {
    spec(units, step: step, sample: sample, stride: stride, draw: draw).rows(distribution, rows: rows, units: units)
  }

  /// Returns, for `rows` rows of `units` units, whether draw 0 of each unit is below its probability, the sigmoid of
  /// its logit: true with that probability.
  func kept(_ logits: NDArray, rows: Int, units: Int, step: UInt32, sample: UInt32, stride: UInt32) -> Storage {
    spec(units, step: step, sample: sample, stride: stride, draw: 0).kept(logits, rows: rows, units: units)
  }
}
