import MoultCore
import MoultTestSupport
import Testing

@Suite struct AlphaDropoutTests {
  private func run(_ x: Tensor, _ rate: Double, _ sharing: MaskSharing = .elementwise) -> Tensor {
    withSeed(5) { alphaDropout(x, rate: rate, mode: .training, sharing: sharing, stream: 4) }
  }

  @Test(arguments: [0.05, 0.1, 0.5], [DType.float32, .float64])
  func keptAreAffineAndTheRestSelusMinimum(rate: Double, dtype: DType) {
    let x = samples([7, 300], dtype: dtype), least = -1.7580993408473766
    let bits = dropMaskBits(
      seed: 5, layer: 4, call: 0, domain: .training, step: 0, rate: rate, sample: 0, rows: 7, units: 300)
    let a = 1 / (1 - rate + least * least * rate * (1 - rate)).squareRoot(), b = -a * rate * least
    let wanted = select(
      Tensor(bits.flatMap { $0 }, shape: [7, 300]), .full([], a * least + b, dtype: dtype), x * a + b)
    expectEqual(mismatches(run(x, rate), wanted, absolute: dtype == .float32 ? 1e-6 : 1e-15), [])
  }

  @Test(arguments: [[], [5], [4, 3], [2, 3, 5], [0, 3], [3, 0]], [0.1, 0.5, 1])
  func gradients(shape: [Int], rate: Double) {
    expectEqual(gradientErrors("alphaDropout", at: [samples(shape)]) { run($0[0], rate) }, [])
  }

  /// Bit for bit: the slope of a kept unit is `a`.
  @Test func theGradientIsTheUpstreamTimesTheSlopeOfKeptUnits() {
    let x = Tensor.zeros([8, 64]).requiringGradient(), y = run(x, 0.5)
    let upstream = samples([8, 64], dtype: .float32)
    y.backward(gradient: upstream)
    let (a, b) = alphaDropoutScaling(0.5)
    expectEqual(x.gradient, select(y.detached() .== Double(Float(b)), upstream * a, .zeros([])))
  }

  @Test func whatIsDroppedDoesNotLeak() {
    let x = Tensor.full([8, 64], .nan).requiringGradient(), y = run(x, 0.5)
    let dropped = run(.zeros([8, 64]), 0.5).scalars(as: Float.self).min() ?? 0
    expectTrue(y.scalars(as: Float.self).allSatisfy { $0.isNaN || $0 == dropped })
    expectTrue(y.scalars(as: Float.self).contains(dropped))
  }

  @Test func rateZeroAndEvaluationAreTheSameTensor() {
    let x = Tensor.ones([4, 64])
    expectTrue(alphaDropout(x, rate: 0, mode: .training).storage === x.storage)
    expectTrue(alphaDropout(x, rate: 0.5, mode: .evaluation).storage === x.storage)
  }

  @Test func rateOneGivesZeros() {
    let x = Tensor([[.nan, 1], [2, 3]]).requiringGradient(), y = run(x, 1)
    y.backward(gradient: .ones([2, 2]))
    expectTrue(y == .zeros([2, 2]) && x.gradient == .zeros([2, 2]))
  }

  /// The fixed point of self-normalizing networks: selu of a normal variable has mean 0 and variance 1, and keeps them.
  /// Power: 2^22 units find a mean or variance that is wrong by 0.01 with certainty.
  @Test(arguments: [0.05, 0.1, 0.25]) func selusMeanAndVarianceStay(rate: Double) {
    let normal = Tensor.randomNormal([1 << 11, 1 << 11], seed: 3)
    let values = run(selu(normal), rate).scalars(as: Double.self), count = Double(values.count)
    let mean = values.reduce(0, +) / count, square = values.reduce(0) { $0 + $1 * $1 } / count
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
    expectLess(abs(mean), 5 / count.squareRoot())
    expectLess(abs(square - 1), 5 * ((fourth - 1) / count).squareRoot())
  }
}
