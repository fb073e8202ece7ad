import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct FeatureAlphaDropoutTests {
  @Test func agreesWithPyTorch() throws {
    let cases = try DropoutReference.file().cases.filter { $0.module == "FeatureAlphaDropout" }
    expectTrue(!cases.isEmpty)
    for known in cases { expectEqual(known.errors { FeatureAlphaDropout(known.rate, stream: 3)($0) }, []) }
  }

  @Test func itIsAlphaDropoutOfChannels() {
    let x = samples([3, 4, 5], dtype: .float32)
    let named = DropoutReference.use { FeatureAlphaDropout(0.5, stream: 3)(x) }
    expectTrue(sameBits(named, DropoutReference.use { AlphaDropout(0.5, sharing: .channels, stream: 3)(x) }))
    let turned = DropoutReference.use { FeatureAlphaDropout(0.5, stream: 3, batchAxis: 1)(x.permuted([1, 0, 2])) }
    expectTrue(sameBits(turned.permuted([1, 0, 2]), named))
  }

  /// Its rate is that of the layer inside, which schedules find.
  @Test func schedulesDriveItsRate() {
    let layer = FeatureAlphaDropout(0.5)
    ScheduledRates(layer, ConstantSchedule(0.25)).apply(at: 0)
    expectEqual(layer.rate, 0.25)
    expectEqual(ScheduledRates(layer, ConstantSchedule(0.25)).rates, ["dropout": 0.25])
  }

  @Test func aRateThatIsNoneIsRefusedUnderItsOwnName() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = FeatureAlphaDropout(1.5)
    }
    expectTrue(message(result).contains("FeatureAlphaDropout: expected a rate in 0...1, got 1.5"))
  }
}
