import CMoultKernels
import MoultCore
import MoultPlatform
import MoultTestSupport
import Testing

/// The kernels of draws against the law's formulas, one draw at a time, on every instruction set.
@Suite struct DrawKernelTests {
  private static let spec = mk_draw(k0: 11, k1: 12, step: 3, sample: 40, stride: 7, part: 1025, first: 0)

  /// The two words of a unit, from Documentation/MaskLaw.md.
  private static func words(_ spec: mk_draw, row: Int, unit: Int) -> (low: UInt32, high: UInt32) {
    let u = spec.first + UInt64(unit), key = UInt64(spec.k1) << 32 | UInt64(spec.k0)
    let block = Philox.block(
      (UInt32(u / 2), spec.sample + spec.stride * UInt32(row), spec.step, 64 * spec.part), key: key)
    return u % 2 == 0 ? (block.0, block.1) : (block.2, block.3)
  }

  private static func gaussian(_ words: (low: UInt32, high: UInt32)) -> Double {
    let radius = (Double(words.high) + 0.5) * 0x1p-32, angle = Double(words.low) * 0x1p-32
    return (-2 * log(radius)).squareRoot() * cos(6.283185307179586 * angle)
  }

  /// What a kernel writes for `rows` rows of `units`, and whether it left what lies behind alone.
  private func filled<T>(
    _ rows: Int, _ units: Int, _ sentinel: T, _ kernel: (UnsafeMutablePointer<T>) -> Void
  ) -> (values: [T], tail: T) {
    var buffer = [T](repeating: sentinel, count: rows * units + 1)
    buffer.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { kernel(base) } }
    return (Array(buffer.dropLast()), buffer[rows * units])
  }

  /// Short rows share a batch of 64 units, long ones end within one; odd first units begin within a Philox call.
  @Test(arguments: [1, 2, 3, 15, 16, 31, 32, 33, 61, 62, 63, 64, 65, 127, 128, 129, 200], [UInt64(0), 1, 6, 7])
  func everyDrawIsTheLaws(units: Int, first: UInt64) {
    var spec = Self.spec
    spec.first = first
    let copy = spec
    for rows in [1, 2, 5, 33] {
      let words = (0..<rows * units).map { Self.words(copy, row: $0 / units, unit: $0 % units) }
      let bits = words.map { UInt64($0.high) << 32 | UInt64($0.low) }
      let normals = words.map(Self.gaussian)
      let logits = bits.indices.map { [0, 1, -1.5, .infinity, .nan, -.infinity, 20, -90][$0 % 8] as Double }
      // No probability is so near to a draw that rounding the draw to Double could matter.
      let keeps = zip(bits, logits).map { Double($0) < 1 / (1 + exp(-$1)) * 0x1p64 || $1 == .infinity }
      for (name, wrong) in ProcessSettings.underEveryInstructionSet({ () -> [String] in
        var wrong: [String] = []
        func check(_ what: String, _ holds: Bool) { if !holds { wrong.append(what) } }
        let drawn = filled(rows, units, UInt64.max) { mk_draw_bits(&spec, rows, units, $0) }
        check("bits", drawn.values == bits && drawn.tail == .max)
        let doubles = filled(rows, units, -9.0) { mk_draw_uniform_f64(&spec, rows, units, -3, 0.1, $0) }
        check("uniform Double", doubles.values == bits.map { -3 + (0.1 + 3) * (Double($0 >> 11) * 0x1p-53) })
        check("after uniform Double", doubles.tail == -9)
        let floats = filled(rows, units, Float(-9)) { mk_draw_uniform_f32(&spec, rows, units, 0, 1, $0) }
        check("uniform Float", floats.values == bits.map { Float($0 >> 40) * 0x1p-24 } && floats.tail == -9)
        let wide = filled(rows, units, -9.0) { mk_draw_normal_f64(&spec, rows, units, 0, 1, $0) }
        check("normal Double", zip(wide.values, normals).allSatisfy { abs($0 - $1) <= 4 * $1.ulp } && wide.tail == -9)
        let narrow = filled(rows, units, Float(-9)) { mk_draw_normal_f32(&spec, rows, units, 2, 0.5, $0) }
        check("normal Float", narrow.values == wide.values.map { Float(2 + 0.5 * $0) } && narrow.tail == -9)
        let noise = filled(rows, units, Float(-9)) { mk_draw_noise_f32(&spec, rows, units, 0.7, 1, $0) }
        check("noise", noise.values == wide.values.map { Float($0) * 0.7 + 1 } && noise.tail == -9)
        let logistic = filled(rows, units, Float(-9)) { mk_draw_logistic_f32(&spec, rows, units, $0) }
        let uniform = Tensor(bits.map { Float($0 >> 40) * 0x1p-24 })
        check("logistic", logistic.values == (log(uniform) - log(1 - uniform)).scalars() && logistic.tail == -9)
        let kept = filled(rows, units, true) { mk_draw_kept_f32(&spec, rows, units, logits.map(Float.init), $0) }
        check("kept by Floats", kept.values == keeps && kept.tail)
        let keptByDoubles = filled(rows, units, true) { mk_draw_kept_f64(&spec, rows, units, logits, $0) }
        check("kept by Doubles", keptByDoubles.values == keeps && keptByDoubles.tail)
        return wrong
      }) {
        expectEqual(wrong, [], "\(name), \(rows) rows")
      }
    }
  }

  /// Quarters of a turn, where the cosine is 0 or 1, and radii next to 1 and to 0 are as precise as all others. The
  /// words that give them are seldom drawn, so a million draws are searched for those that come close.
  @Test func normalsNextToTheZerosOfTheCosineArePrecise() {
    var spec = Self.spec
    let count = 1 << 20
    let bits = filled(1, count, UInt64(0)) { mk_draw_bits(&spec, 1, count, $0) }.values
    let normals = filled(1, count, 0.0) { mk_draw_normal_f64(&spec, 1, count, 0, 1, $0) }.values
    var near = 0
    for (bits, normal) in zip(bits, normals) {
      let angle = UInt32(truncatingIfNeeded: bits) &+ 0x2000, high = UInt32(bits >> 32)
      guard angle & 0x3fff_ffff < 0x4000 || high < 4_096 || high > UInt32.max - 4_096 else { continue }
      near += 1
      let wanted = Self.gaussian((UInt32(truncatingIfNeeded: bits), high))
      expectAtMost(abs(normal - wanted), 4 * wanted.ulp, "\(String(bits, radix: 16))")
    }
    expectGreater(near, 10)
  }

  /// Floats are computed with less precision where that cannot change them: a million of them are the rounded Doubles.
  @Test func aMillionFloatsAreRoundedDoubles() {
    var spec = Self.spec
    let count = 1 << 20
    let wide = filled(1, count, 0.0) { mk_draw_normal_f64(&spec, 1, count, 0, 1, $0) }.values
    for (name, wrong) in ProcessSettings.underEveryInstructionSet({ () -> [Int] in
      let narrow = filled(1, count, Float(0)) { mk_draw_normal_f32(&spec, 1, count, -1.5, 0.7, $0) }.values
      let noise = filled(1, count, Float(0)) { mk_draw_noise_f32(&spec, 1, count, 1, 0, $0) }.values
      return [
        zip(narrow, wide).count { $0 != Float(-1.5 + 0.7 * $1) }, zip(noise, wide).count { $0 != Float($1) },
      ]
    }) {
      expectEqual(wrong, [0, 0], name)
    }
  }

  /// Probabilities next to the draws themselves: units are compared exactly where Floats cannot tell.
  @Test func probabilitiesNextToTheDrawsAreComparedExactly() {
    var spec = Self.spec
    let count = 10_000
    let bits = filled(1, count, UInt64(0)) { mk_draw_bits(&spec, 1, count, $0) }.values
    let logits = bits.map { bits -> Float in
      let v = (Double(bits) + 0.5) * 0x1p-64
      return Float(log(v / (1 - v)))
    }
    let wanted = filled(1, count, true) { mk_draw_kept_f64(&spec, 1, count, logits.map(Double.init), $0) }.values
    expectTrue(wanted.contains(true) && wanted.contains(false))
    for (name, kept) in ProcessSettings.underEveryInstructionSet({
      filled(1, count, true) { mk_draw_kept_f32(&spec, 1, count, logits, $0) }.values
    }) {
      expectEqual(kept, wanted, name)
    }
  }

  @Test func noUnitsAndNoRowsWriteNothing() {
    var spec = Self.spec
    for (rows, units) in [(0, 5), (5, 0)] {
      expectEqual(filled(rows, units, 7.0) { mk_draw_normal_f64(&spec, rows, units, 0, 1, $0) }.tail, 7)
    }
  }
}
