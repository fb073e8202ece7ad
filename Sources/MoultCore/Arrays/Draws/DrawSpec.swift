import CMoultKernels

/// One draw of a layer: 64 random bits for each unit of each row, where row r has the sample `sample + stride * r`.
///
/// The numbers are those of Documentation/MaskLaw.md, "other draws"; threads share out rows or units.
struct DrawSpec: Sendable {
  private let kernelForm: mk_draw

  /// Work of one draw, in elements of `parallelFor`.
  private static let workOfDraw = 16

  init(key: (UInt32, UInt32), step: UInt32, sample: UInt32, stride: UInt32, part: UInt32) {
    kernelForm = mk_draw(
      k0: key.0, k1: key.1, step: step, sample: sample, stride: stride, part: part, first: 0)
  }

  /// The bits of the first `count` units of row 0.
  func bits(_ count: Int) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      withUnsafePointer(to: kernelForm) { mk_draw_bits($0, 1, count, buffer.baseAddress) }
      initialized = count
    }
  }

  /// The first `count` units of row 0.
  func row(_ distribution: Distribution, count: Int) -> Storage {
    let result = Storage(count: count, dtype: distribution.dtype)
    parallelFor(count, elements: Self.workOfDraw) { range in
      var part = kernelForm
      part.first = UInt64(range.lowerBound)
      distribution.fill(result, at: range.lowerBound, &part, rows: 1, units: range.count)
    }
    return result
  }

  /// Rows of `units` units.
  func rows(_ distribution: Distribution, rows: Int, units: Int) -> Storage {
    let result = Storage(count: rows * units, dtype: distribution.dtype)
    parallelFor(rows, elements: Self.workOfDraw * units) { range in
      var part = kernelForm(from: range.lowerBound)
      distribution.fill(result, at: range.lowerBound * units, &part, rows: range.count, units: units)
    }
    return result
  }

  /// Whether the draw of each unit is below its probability in `p`, contiguous Float64 with `rows` rows of `units`.
  func kept(_ p: NDArray, rows: Int, units: Int) -> Storage {
    let result = Storage(count: p.count, dtype: .bool)
    let source = p.pointer(as: Double.self), target = result.pointer(as: Bool.self)
    parallelFor(rows, elements: Self.workOfDraw * units) { range in
      var part = kernelForm(from: range.lowerBound)
      mk_draw_kept(&part, range.count, units, source + range.lowerBound * units, target + range.lowerBound * units)
    }
    withExtendedLifetime(p) {}
    return result
  }

  /// The rows from `row` on.
  private func kernelForm(from row: Int) -> mk_draw {
    var part = kernelForm
    part.sample = part.sample &+ part.stride &* UInt32(truncatingIfNeeded: row)
    return part
  }
}

/// What the 64 bits of each draw become.
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
  fileprivate func fill(_ result: Storage, at offset: Int, _ spec: inout mk_draw, rows: Int, units: Int) {
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
