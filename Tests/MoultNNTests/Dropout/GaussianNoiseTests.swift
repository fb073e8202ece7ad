import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct GaussianNoiseTests {
  @Test func noiseFollowsTheLaw() throws {
    let x = samples([3, 5]), z = Tensor(try DropoutReference.file().normal.flatMap { $0 }, shape: [3, 5])
    let y = DropoutReference.use { GaussianNoise(0.5, stream: 3)(x) }
    expectEqual(mismatches(y, x + z * 0.5, absolute: 1e-14), [])
    let turned = DropoutReference.use { GaussianNoise(1, stream: 3, batchAxis: 1)(.zeros([5, 3], dtype: .float64)) }
    expectEqual(mismatches(turned, z.transposed(), absolute: 1e-14), [])
  }

  @Test func theGradientIsTheUpstreamOne() {
    let x = samples([4, 8], dtype: .float32).requiringGradient(), upstream = samples([4, 8], dtype: .float32, seed: 2)
    GaussianNoise(3, stream: 0)(x).backward(gradient: upstream)
    expectEqual(x.gradient.map { sameBits($0, upstream) }, true)
  }

  @Test func withoutADeviationNothingIsDrawn() {
    let layer = GaussianNoise(0), x = Tensor.ones([4, 8])
    expectTrue(sameBits(layer(x), x))
    expectEqual(layer.dropoutState.calls.uses, 0)
  }

  @Test(arguments: ["-1.0", "nan", "inf"]) func deviationsThatAreNoneAreRefused(deviation: String) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [deviation] in
      _ = GaussianNoise(Double(deviation) ?? 0)
    }
    expectTrue(message(result).contains("GaussianNoise: expected a standard deviation of 0 or more, got \(deviation)"))
  }
}
