import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct DropBlockTests {
  @Test func agreesWithTorchvisionGivenOurMasks() throws {
    let cases = try VariantReference.cases("dropBlock")
    expectEqual(cases.count, 4)
    for known in cases {
      let layer = DropBlock(known["rate"], blockSize: Int(known["blockSize"]), stream: Int(known["layer"]))
      expectEqual(known.errors { layer($0) }, [])
      expectEqual(
        known.errors {
          dropBlock(
            $0, rate: known["rate"], blockSize: Int(known["blockSize"]), mode: .training, stream: Int(known["layer"]))
        }, [])
    }
  }

  /// Blocks of even size, which torchvision refuses: every hole is a union of whole blocks at the seeds.
  @Test func holesAreTheBlocksOfTheSeeds() {
    let (samples, height, width, block, rate) = (16, 6, 5, 2, 0.4)
    let x = Tensor.ones([samples, 1, height, width])
    let y = withSeed(3) { withStep(1) { DropBlock(rate, blockSize: block, stream: 4)(x) } }.scalars(as: Float.self)
    let gamma = rate * 30 / (4 * 5 * 4)
    let seeds = dropMaskBits(
      seed: 3, layer: 4, call: 0, domain: .training, step: 1, rate: gamma, sample: 0, rows: samples, units: 5 * 4)
    // That not one of 320 seeds is dropped, or all, has a chance below 1e-22.
    expectTrue(seeds.contains { $0.contains(true) } && seeds.contains { $0.contains(false) })
    for sample in 0..<samples {
      var dropped = [Bool](repeating: false, count: 30)
      for seed in 0..<20 where seeds[sample][seed] {
        for i in 0..<4 { dropped[(seed / 4 + i / 2) * width + seed % 4 + i % 2] = true }
      }
      let scale = Float(30 / Double(dropped.count { !$0 }))
      expectEqual(Array(y[sample * 30..<(sample + 1) * 30]), dropped.map { $0 ? 0 : scale }, "sample \(sample)")
    }
  }

  /// At a block of one unit the share is the rate; at larger ones γ falls short of it by the overlaps, of the order of
  /// rate² / 2.
  @Test(arguments: [1, 3, 7]) func theShareOfDroppedUnitsIsAboutTheRate(blockSize: Int) {
    let y = withStep(0) { DropBlock(0.1, blockSize: blockSize, stream: 0)(.ones([64, 8, 28, 28])) }
    let share = Double(y.scalars(as: Float.self).count { $0 == 0 }) / Double(y.count)
    expectTrue(share < 0.102 && share > (blockSize == 1 ? 0.098 : 0.09))
  }

  @Test func theSumIsKeptSampleBySample() {
    let y = withStep(0) { DropBlock(0.3, blockSize: 3, stream: 0)(.ones([8, 2, 9, 9])) }
    let sums = y.sum(axes: [1, 2, 3]).scalars(as: Float.self)
    expectTrue(sums.allSatisfy { abs($0 - 162) < 1e-3 })
  }

  @Test func microBatchesHaveTheHolesOfTheWholeBatch() {
    let layer = DropBlock(0.3, blockSize: 3, stream: 1)
    let whole = withStep(3) { layer(.ones([9, 2, 8, 8])) }
    let parts = [0..<4, 4..<9].map { range in
      withStep(3, firstSample: range.lowerBound) { layer(.ones([range.count, 2, 8, 8])) }
    }
    expectEqual(concatenate(parts), whole)
  }

  @Test func nanInAHoleDoesNotLeak() {
    let y = withStep(0) { DropBlock(0.3, blockSize: 3, stream: 0)(.full([4, 1, 8, 8], .nan)) }.scalars(as: Float.self)
    expectTrue(y.contains(0) && y.contains { $0.isNaN })
  }

  @Test func rateZeroDrawsNothingAndRateOneGivesZeros() {
    let x = Tensor.full([2, 1, 4, 4], .nan).requiringGradient()
    let none = DropBlock(0)
    expectTrue(sameBits(none(x), x))
    expectEqual(none.dropoutState.calls.uses, 0)
    let y = DropBlock(1, blockSize: 2)(x)
    expectEqual(y, .zeros([2, 1, 4, 4]))
    y.backward(gradient: .ones([2, 1, 4, 4]))
    expectEqual(x.gradient, .zeros([2, 1, 4, 4]))
    let layer = DropBlock(0.5)
    expectTrue(sameBits(layer.evaluating { layer(x) }, x))
    expectEqual(layer(.zeros([0, 1, 4, 4])).shape, [0, 1, 4, 4])
  }

  @Test func shapesAndBlocksThatCannotWorkAreRefused() async {
    let flat = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DropBlock(0.5)(.ones([2, 3]))
    }
    expectTrue(message(flat).contains("DropBlock: expected x: [N, C, H, W], got [2, 3]"))
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DropBlock(0.5, blockSize: 0)
    }
    expectTrue(message(none).contains("DropBlock: expected a blockSize of at least 1, got 0"))
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = DropBlock(.nan) }
    expectTrue(message(rate).contains("DropBlock: expected a rate in 0...1, got nan"))
  }
}
