import CMoultKernels

/// A stream's draws that are not masks: one for each unit of each row.
extension RandomStream {
  /// Parts from here on are a layer's other draws; below are masks.
  private static let firstDrawPart: UInt32 = 1024

  /// Work of one draw, in elements of `parallelFor`.
  private static let workOfDraw = 16

  /// What the kernels get: draw number `draw` of `units` units a row, where row r has the sample `sample + stride * r`.
  ///
  /// Checks what the mask law requires: u < 2^33, part < 2^26.
  func drawSpec(_ units: Int, step: UInt32, sample: UInt32 = 0, stride: UInt32 = 0, draw: UInt32) -> mk_draw {
    require(units <= 1 << 33, "random draws: expected at most 2^33 numbers a draw, got \(units)")
    require(draw < (1 << 26) - Self.firstDrawPart, "random draws: expected a draw below 2^26 - 1024, got \(draw)")
    return mk_draw(
      k0: key0, k1: key1, step: step, sample: sample, stride: stride, part: Self.firstDrawPart + draw, first: 0)
  }

  /// 64 random bits for each of `count` units, of the layer's draw number `draw`.
  package func bits(_ count: Int, step: UInt32 = 0, sample: UInt32 = 0, draw: UInt32 = 0) -> [UInt64] {
    var spec = drawSpec(count, step: step, sample: sample, draw: draw)
    return [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      mk_draw_bits(&spec, 1, count, buffer.baseAddress)
      initialized = count
    }
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
    let result = Storage(count: Shape.count(shape, "random tensors"), dtype: distribution.dtype)
    let spec = drawSpec(result.count, step: step, draw: draw)
    parallelFor(result.count, elements: Self.workOfDraw) { range in
      var part = spec
      part.first = UInt64(range.lowerBound)
      distribution.fill(result, at: range.lowerBound, &part, rows: 1, units: range.count)
    }
    return Tensor(NDArray(storage: result, shape: shape))
  }

  /// Draws for `rows` rows of `units` units; row r has the sample `sample + stride * r`.
  func draws(
    _ distribution: Distribution, rows: Int, units: Int, step: UInt32, sample: UInt32, stride: UInt32, draw: UInt32
  ) -> Storage {
    let result = Storage(count: rows * units, dtype: distribution.dtype)
    let spec = drawSpec(units, step: step, sample: sample, stride: stride, draw: draw)
    parallelFor(rows, elements: Self.workOfDraw * units) { range in
      var part = spec
      part.sample = sample &+ stride &* UInt32(truncatingIfNeeded: range.lowerBound)
      distribution.fill(result, at: range.lowerBound * units, &part, rows: range.count, units: units)
    }
    return result
  }

  /// Compares draw 0 with the Float64 probabilities `p`, for `rows` rows of `units` units.
  func kept(_ p: NDArray, into result: Storage, rows: Int, units: Int, step: UInt32, sample: UInt32, stride: UInt32) {
    let spec = drawSpec(units, step: step, sample: sample, stride: stride, draw: 0)
    let source = p.pointer(as: Double.self), target = result.pointer(as: Bool.self)
    parallelFor(rows, elements: Self.workOfDraw * units) { range in
      var part = spec
      part.sample = sample &+ stride &* UInt32(truncatingIfNeeded: range.lowerBound)
      mk_draw_kept(&part, range.count, units, source + range.lowerBound * units, target + range.lowerBound * units)
    }
  }
}

/// What a draw's 64 bits become.
enum Distribution: Sendable {
  /// Evenly spread over `low ..< high`.
  case uniform(low: Double, high: Double, DType)
  /// Normal, rounded once to the type.
  case normal(mean: Double, deviation: Double, DType)
  /// `z * scale + shift`, each operation rounded to the type, for a standard normal z that is rounded to it.
  case noise(scale: Double, shift: Double, DType)
  /// `log(u) - log(1 - u)`, each operation rounded to the type, for u evenly spread over 0 ..< 1.
  case logistic(DType)

  var dtype: DType {
    switch self {
    case .uniform(_, _, let dtype), .normal(_, _, let dtype), .noise(_, _, let dtype), .logistic(let dtype):
      dtype
    }
  }

  /// Fills rows of `result` from element `offset` on.
  func fill(_ result: Storage, at offset: Int, _ spec: inout mk_draw, rows: Int, units: Int) {
    if dtype == .float32 {
      let target = result.pointer(as: Float.self) + offset
      switch self {
      case .uniform(let low, let high, _): mk_draw_uniform_f32(&spec, rows, units, low, high, target)
      case .normal(let mean, let deviation, _): mk_draw_normal_f32(&spec, rows, units, mean, deviation, target)
      case .noise(let scale, let shift, _): mk_draw_noise_f32(&spec, rows, units, Float(scale), Float(shift), target)
      case .logistic: mk_draw_logistic_f32(&spec, rows, units, target)
      }
    } else {
      let target = result.pointer(as: Double.self) + offset
      switch self {
      case .uniform(let low, let high, _): mk_draw_uniform_f64(&spec, rows, units, low, high, target)
      // In Double, rounding once and rounding each operation are the same.
      case .normal(let shift, let scale, _), .noise(let scale, let shift, _):
        mk_draw_normal_f64(&spec, rows, units, shift, scale, target)
      case .logistic: mk_draw_logistic_f64(&spec, rows, units, target)
      }
    }
  }
}
