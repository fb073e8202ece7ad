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
    var w = numbers(1), v = [Double](repeating: 0, count: count)
    var update = mk_update()
    (update.kind, update.rate, update.momentum, update.decay) = (Int32(MK_SGD), 0.1, momentum, 0.01)
    update.nesterov = nesterov
    var w64 = w, v64 = v, w32 = w.map { Float($0) }, v32 = v.map { Float($0) }
    for step in 0..<3 {
      let g = numbers(UInt64(step + 2)), g32 = g.map { Float($0) }
      for i in 0..<count {
        let slope = g[i] + 0.01 * w[i]
        v[i] = momentum * v[i] + slope
        w[i] -= 0.1 * (nesterov ? slope + momentum * v[i] : v[i])
      }
      mk_update_f64(&update, count, g, &w64, &v64, nil)
      mk_update_f32(&update, count, g32, &w32, &v32, nil)
    }
    expectTrue(far(w64, w, 1e-14) == [] && far(v64, v, 1e-14) == [])
    expectTrue(far(w32.map { Double($0) }, w, 1e-6) == [] && far(v32.map { Double($0) }, v, 2e-6) == [])
  }

  @Test func withoutAVelocityItIsPlainDescent() {
    let start = numbers(1), g = numbers(2)
    var w64 = start, w32 = start.map { Float($0) }
    var update = mk_update()
    (update.kind, update.rate, update.momentum) = (Int32(MK_SGD), 0.5, 0.9)
    mk_update_f64(&update, count, g, &w64, nil, nil)
    mk_update_f32(&update, count, g.map { Float($0) }, &w32, nil, nil)
    let wanted = zip(start, g).map { $0 - 0.5 * $1 }
    expectTrue(far(w64, wanted, 1e-15) == [] && far(w32.map { Double($0) }, wanted, 1e-6) == [])
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
      var update = mk_update()
      (update.kind, update.rate, update.decay, update.shrink) = (Int32(MK_ADAM), 0.02 / first, decay, shrink)
      (update.beta1, update.beta2, update.epsilon, update.root) = (0.9, 0.999, 1e-3, second.squareRoot())
      mk_update_f64(&update, count, g, &wide.0, &wide.1, &wide.2)
      mk_update_f32(&update, count, g.map { Float($0) }, &narrow.0, &narrow.1, &narrow.2)
    }
    expectTrue(far(wide.0, w, 1e-13) == [] && far(wide.1, m, 1e-14) == [] && far(wide.2, v, 1e-14) == [])
    expectTrue(far(narrow.0.map { Double($0) }, w, 2e-6) == [] && far(narrow.2.map { Double($0) }, v, 1e-6) == [])
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
