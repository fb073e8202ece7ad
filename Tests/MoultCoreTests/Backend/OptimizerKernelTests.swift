import CMoultKernels
import MoultCore
import MoultTestSupport
import Testing

/// The optimizer kernels against their formulas written out in Double, over three steps.
@Suite struct OptimizerKernelTests {
  private let count = 37
  private func numbers(_ seed: UInt64, in range: Range<Double> = -2..<2) -> [Double] {
    samples([count], in: range, dtype: .float32, seed: seed).scalars(as: Double.self)
  }

  @Test(arguments: [false, true], [0, 0.9])
  func stochasticGradientDescent(nesterov: Bool, momentum: Double) {
    var w = numbers(1), v = [Double](repeating: 9, count: count)
    var w64 = w, v64 = v, w32 = w.map { Float($0) }, v32 = v.map { Float($0) }
    for step in 0..<3 {
      let g = numbers(UInt64(step + 2)), g32 = g.map { Float($0) }
      for i in 0..<count {
        let slope = g[i] + 0.01 * w[i]
        v[i] = step == 0 ? slope : momentum * v[i] + slope
        w[i] -= 0.1 * (nesterov ? slope + momentum * v[i] : v[i])
      }
      mk_sgd_f64(count, &w64, g, &v64, 0.1, momentum, 0.01, nesterov, step == 0)
      mk_sgd_f32(count, &w32, g32, &v32, 0.1, Float(momentum), 0.01, nesterov, step == 0)
    }
    #expect(far(w64, w, 1e-14) == [] && far(v64, v, 1e-14) == [])
    #expect(far(w32.map { Double($0) }, w, 1e-6) == [] && far(v32.map { Double($0) }, v, 2e-6) == [])
  }

  @Test func withoutAVelocityItIsPlainDescent() {
    let start = numbers(1), g = numbers(2)
    var w64 = start, w32 = start.map { Float($0) }
    mk_sgd_f64(count, &w64, g, nil, 0.5, 0.9, 0, false, false)
    mk_sgd_f32(count, &w32, g.map { Float($0) }, nil, 0.5, 0.9, 0, false, false)
    let wanted = zip(start, g).map { $0 - 0.5 * $1 }
    #expect(far(w64, wanted, 1e-15) == [] && far(w32.map { Double($0) }, wanted, 1e-6) == [])
  }

  @Test(arguments: [(0.0, 1.0), (0.01, 1.0), (0.0, 0.999)])
  func adam(decay: Double, shrink: Double) {
    var w = numbers(1), m = [Double](repeating: 0, count: count), v = m
    var wide = (w, m, v), narrow = (w.map { Float($0) }, m.map { Float($0) }, v.map { Float($0) })
    for step in 1...3 {
      let g = numbers(UInt64(step + 2))
      let first = 1 - power(0.9, step), second = 1 - power(0.999, step)
      for i in 0..<count {
        let slope = g[i] + decay * w[i]
        m[i] = 0.9 * m[i] + 0.1 * slope
        v[i] = 0.999 * v[i] + 0.001 * slope * slope
        w[i] = w[i] * shrink - 0.02 * (m[i] / first) / ((v[i] / second).squareRoot() + 1e-3)
      }
      var settings = mk_adam(
        beta1: 0.9, beta2: 0.999, epsilon: 1e-3, decay: decay, shrink: shrink, step_size: 0.02 / first,
        root: second.squareRoot())
      mk_adam_f64(count, &wide.0, g, &wide.1, &wide.2, &settings)
      mk_adam_f32(count, &narrow.0, g.map { Float($0) }, &narrow.1, &narrow.2, &settings)
    }
    #expect(far(wide.0, w, 1e-13) == [] && far(wide.1, m, 1e-14) == [] && far(wide.2, v, 1e-14) == [])
    #expect(far(narrow.0.map { Double($0) }, w, 2e-6) == [] && far(narrow.2.map { Double($0) }, v, 1e-6) == [])
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  private func far(_ a: [Double], _ b: [Double], _ tolerance: Double) -> [String] {
    zip(a, b).enumerated().compactMap { i, pair in
      (pair.0 - pair.1).magnitude <= tolerance * (1 + pair.1.magnitude)
        ? nil : "\(i): expected \(pair.1), got \(pair.0)"
    }
  }
}
