import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct SpectralNormTests {
  @Test func theLargestSingularValueBecomesTheLimit() throws {
    let cases = try KerasReference.cases("spectral")
    expectEqual(cases.count, 3)
    for known in cases {
      let largest = known.result.values[0], kernel = known.kernel.ours
      let weight = Parameter(kernel)
      SpectralNorm(0.5, iterations: 50).apply(to: weight)
      expectTrue(mismatches(weight.value.detached(), (kernel * (0.5 / largest)).contiguous(), absolute: 1e-9).isEmpty)
    }
  }

  @Test func weightsWithinTheLimitStayBitForBit() throws {
    for known in try KerasReference.cases("spectral") {
      let weight = Parameter(known.kernel.ours.cast(to: .float32))
      SpectralNorm(known.result.values[0] * 1.01).apply(to: weight)
      expectTrue(sameBits(weight.value.detached(), known.kernel.ours.cast(to: .float32)))
    }
    let zeros = Parameter(.zeros([3, 2]))
    SpectralNorm().apply(to: zeros)
    expectEqual(zeros.value.detached(), .zeros([3, 2]))
    let broken = Parameter(Tensor([[.nan, 1], [2, .infinity]]))
    SpectralNorm().apply(to: broken)
    expectEqual(broken.value[1, 0].item(), 2)
  }

  /// The two largest singular values of such a matrix are a few percent apart at most: the worst that training starts
  /// with.
  @Test func aFewTurnsComeCloseOnRandomMatrices() {
    for seed in 0..<5 as Range<UInt64> {
      let kernel = Tensor.randomNormal([128, 200], seed: seed + 1)
      let (few, many) = (Parameter(kernel), Parameter(kernel))
      SpectralNorm(1).apply(to: few)
      SpectralNorm(1, iterations: 128).apply(to: many)
      let ratio = (few.value[0, 0] / many.value[0, 0]).item(as: Double.self)
      expectTrue((0.9999...1.01).contains(ratio), "σ was found \(ratio) times too small")
    }
  }

  @Test func kernelsOfMoreAxesAreOneMatrix() {
    let kernel = samples([4, 3, 2, 2])
    let (whole, flat) = (Parameter(kernel), Parameter(kernel.flattened(from: 1)))
    for weight in [whole, flat] { SpectralNorm(0.1).apply(to: weight) }
    expectEqual(whole.value.scalars(as: Double.self), flat.value.scalars(as: Double.self))
  }

  @Test func anOptimizerKeepsALayerWithinIt() {
    let layer = Linear(6, 5, constraint: SpectralNorm(0.5, iterations: 100))
    let optimizer = SGD(layer.parameters(), learningRate: 1)
    for _ in 0..<4 { optimizer.step(minimizing: layer(.ones([2, 6])).sum()) }
    for seed in 0..<20 as Range<UInt64> {
      let x = Tensor.randomNormal([1, 6], seed: seed)
      let y = matmul(x, layer.weight.value.detached().transposed())
      let stretch = (y * y).sum().item(as: Double.self) / (x * x).sum().item(as: Double.self)
      expectAtMost(stretch.squareRoot(), 0.5 * (1 + 1e-5))
    }
  }

  @Test func settingsThatMakeNoSenseAreRefused() async {
    let limit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = SpectralNorm(0) }
    expectTrue(message(limit).contains("SpectralNorm: expected a limit > 0, got 0.0"))
    let turns = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SpectralNorm(1, iterations: 0)
    }
    expectTrue(message(turns).contains("SpectralNorm: expected at least 1 iteration, got 0"))
  }
}
