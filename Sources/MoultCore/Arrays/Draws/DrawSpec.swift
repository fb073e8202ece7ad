import CMoultKernels

/// One random draw of a layer: 64 random bits for each unit of each row. Row `r` belongs to sample
/// `sample + stride * r`.
///
/// The numbers are defined in Documentation/MaskLaw.md, "Other draws". Threads split the rows or units.
struct DrawSpec: Sendable {
  private let kernelForm: mk_draw

  /// The cost of drawing one number, in elements as `parallelFor` counts them.
  private static let workOfDraw = 16

  init(key: (UInt32, UInt32), step: UInt32, sample: UInt32, stride: UInt32, part: UInt32) {
    kernelForm = mk_draw(
      k0: key.0, k1: key.1, step: step, sample: sample, stride: stride, part: part, first: 0)
  }

  /// Returns the random bits of the first `count` units of row 0.
  func bits(_ count: Int) -> [UInt64] {
    [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      withUnsafePointer(to: kernelForm) { mk_draw_bits($0, 1, count, buffer.baseAddress) }
      initialized = count
    }
  }

  /// Returns random numbers of `distribution` for the first `count` units of row 0.
  func row(_ distribution: Distribution, count: Int) -> Storage {
    let result = Storage(count: count, dtype: distribution.dtype)
    parallelFor(count, elements: Self.workOfDraw) { range in
      var part = kernelForm
      part.first = UInt64(range.lowerBound)
      distribution.fill(result, at: range.lowerBound, &part, rows: 1, units: range.count)
    }
    return result
  }

  /// Returns random numbers of `distribution` for `rows` rows of `units` units, in row-major order.
  func rows(_ distribution: Distribution, rows: Int, units: Int) -> Storage {
    let result = Storage(count: rows * units, dtype: distribution.dtype)
    parallelFor(rows, elements: Self.workOfDraw * units) { range in
      var part = kernelForm(from: range.lowerBound)
      distribution.fill(result, at: range.lowerBound * units, &part, rows: range.count, units: units)
    }
    return result
  }

  /// Returns random numbers of `distribution` for a row of `units` units of each of `samples`, in row-major order.
  func rows(_ distribution: Distribution, samples: [UInt32], units: Int) -> Storage {
    let result = Storage(count: samples.count * units, dtype: distribution.dtype)
    parallelFor(samples.count, elements: Self.workOfDraw * units) { range in
      var part = kernelForm
      for row in range {
        part.sample = samples[row]
        distribution.fill(result, at: row * units, &part, rows: 1, units: units)
      }
    }
    return result
  }

  /// Returns, for each unit, whether its random bits are below its probability, the sigmoid of its logit in Double:
  /// true with that probability.
  ///
  /// - Parameter logits: Contiguous Float32 or Float64 numbers, `rows` rows of `units` elements.
  func kept(_ logits: NDArray, rows: Int, units: Int) -> Storage {
    let result = Storage(count: logits.count, dtype: .bool), target = result.pointer(as: Bool.self)
    func draw<T: TensorScalar>(
      _ type: T.Type,
      _ kernel: (UnsafePointer<mk_draw>?, Int, Int, UnsafePointer<T>?, UnsafeMutablePointer<Bool>?) -> Void
    ) {
      let source = logits.pointer(as: T.self)
      parallelFor(rows, elements: Self.workOfDraw * units) { range in
        var part = kernelForm(from: range.lowerBound)
        let at = range.lowerBound * units
        kernel(&part, range.count, units, source + at, target + at)
      }
    }
    if logits.dtype == .float32 { draw(Float.self, mk_draw_kept_f32) } else { draw(Double.self, mk_draw_kept_f64) }
    withExtendedLifetime(logits) {}
    return result
  }

  /// Returns the draw in the form that the C kernels take, for the rows from `row` on.
  private func kernelForm(from row: Int) -> mk_draw {
    var part = kernelForm
    part.sample = part.sample &+ part.stride &* UInt32(truncatingIfNeeded: row)
    return part
  }
}

/// The distribution of the random numbers that are made from the 64 bits of each unit, and their dtype.
enum Distribution: Sendable {
  /// Uniform on `low ..< high`, rounded to the dtype.
  case uniform(low: Double, high: Double, DType)
  /// Normal with mean `mean` and standard deviation `deviation`, rounded once to the dtype.
  case normal(mean: Double, deviation: Double, DType)
  /// `z * scale + shift` for a standard normal `z` that is rounded to the dtype; each operation is rounded too.
  case noise(scale: Double, shift: Double, DType)
  /// Logistic: `log(u) - log(1 - u)` for `u` uniform on `0 ..< 1`; each operation is rounded to the dtype.
  case logistic(DType)

  var dtype: DType {
    switch self {
    case .uniform(_, _, let dtype), .normal(_, _, let dtype), .noise(_, _, let dtype), .logistic(let dtype):
      dtype
    }
  }

  /// Writes random numbers for `rows` rows of `units` units to `result`, from element `offset` on.
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
      // In Double, rounding once and rounding each operation give the same result.
      case .normal(let shift, let scale, _), .noise(let scale, let shift, _):
        mk_draw_normal_f64(&spec, rows, units, shift, scale, target)
      case .logistic: mk_draw_logistic_f64(&spec, rows, units, target)
      }
    }
  }
}
