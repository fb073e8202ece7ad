import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct GaussianDropoutTests {
  /// The noise has the deviation √(rate / (1 - rate)): 0.5 at a rate of 0.2.
  @Test func noiseFollowsTheLaw() throws {
    let x = samples([3, 5]), z = Tensor(try DropoutReference.file().normal.flatMap { $0 }, shape: [3, 5])
    let y = DropoutReference.use { GaussianDropout(0.2, stream: 3)(x) }
    expectEqual(mismatches(y, x * (z * 0.5 + 1), absolute: 1e-14), [])
    let turned = DropoutReference.use { GaussianDropout(0.2, stream: 3, batchAxis: 1)(x.transposed()) }
    expectEqual(mismatches(turned, y.transposed(), absolute: 1e-14), [])
  }

  /// `keras.layers.GaussianDropout` with the draws of the law.
  @Test func agreesWithKeras() throws {
    let cases = try VariantReference.cases("kerasGaussianDropout")
    expectEqual(cases.count, 2)
    for known in cases {
      expectEqual(known.errors { GaussianDropout(known["rate"], stream: Int(known["layer"]))($0) }, [])
    }
  }

  @Test func aRateThatChangesCountsFromTheNextUseOn() {
    let layer = GaussianDropout(0.2, stream: 3), x = Tensor.ones([4, 8], dtype: .float64)
    let before = withStep(0) { layer(x) }
    layer.rate = 0.5
    expectEqual(mismatches(withStep(0) { layer(x) }, (before - 1) * 2 + 1, absolute: 1e-14), [])
  }

  /// At a rate of 1 the noise would have no bound.
  @Test func ratesOfOneAreRefusedWhereverTheyComeFrom() async {
    let made = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = GaussianDropout(1) }
    expectTrue(message(made).contains("GaussianDropout: expected a rate in 0..<1, got 1.0"))
    let set = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      GaussianDropout(0.5).rate = 1
    }
    expectTrue(message(set).contains("GaussianDropout: expected a rate in 0..<1, got 1.0"))
  }

  @Test func refusesIntegers() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GaussianDropout(0.5)(Tensor([1, 2] as [Int32], shape: [2]))
    }
    expectTrue(message(result).contains("GaussianDropout: expected"))
  }
}
