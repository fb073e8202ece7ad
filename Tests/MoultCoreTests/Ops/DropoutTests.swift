import MoultCore
import MoultTestSupport
import Testing

@Suite struct DropoutTests {
  private func law(
    _ layer: UInt32, call: UInt32 = 0, domain: RandomDomain = .training, step: UInt32 = 0, rate: Double,
    sample: UInt32 = 0,
    _ rows: Int, _ units: Int
  ) -> Tensor {
    let bits = dropMaskBits(
      seed: 5, layer: layer, call: call, domain: domain, step: step, rate: rate, sample: sample, rows: rows,
      units: units)
    return Tensor(bits.flatMap { $0 }, shape: [rows, units])
  }

  @Test(arguments: [0.1, 0.25, 0.3, 0.5, 0.9, 1e-9], [DType.float32, .float64])
  func droppedAreZeroAndTheRestIsScaled(rate: Double, dtype: DType) {
    let x = samples([7, 300], in: 1..<2, dtype: dtype)
    let y = withSeed(5) { dropout(x, rate: rate, mode: .training, stream: 4) }
    let scale = Double(Float(1 / (1 - rate)))
    expectEqual(y, MoultCore.select(law(4, rate: rate, 7, 300), .zeros([], dtype: dtype), x * scale))
  }

  @Test(arguments: [[], [5], [4, 3], [2, 3, 5], [0, 3], [3, 0], [1, 1], [3, 140]], [0.5, 0.3, 1])
  func gradients(shape: [Int], rate: Double) {
    expectEqual(
      gradientErrors("dropout", at: [samples(shape)]) { x in
        withSeed(5) { dropout(x[0], rate: rate, mode: .training, stream: 4) }
      }, [])
  }

  @Test func backwardUsesTheForwardMaskWhateverHappenedSince() {
    let x = Tensor.ones([8, 64]).requiringGradient()
    let y = withSeed(5) { withStep(3, firstSample: 10) { dropout(x, rate: 0.5, mode: .training, stream: 1) } }
    for _ in 0..<3 { _ = dropout(x, rate: 0.5, mode: .training, stream: 1) }
    withSeed(99) { withStep(4) { y.backward(gradient: .ones([8, 64])) } }
    expectEqual(x.gradient, y.detached())
  }

  @Test func rateZeroIsTheSameTensorAndDrawsNothing() {
    withSeed(5) {
      let x = Tensor.ones([4, 64]).requiringGradient(), y = dropout(x, rate: 0, mode: .training, stream: 1)
      expectTrue(y.storage === x.storage && y.node === x.node)
      expectEqual(
        dropout(x, rate: 0.5, mode: .training, stream: 1) .== 0, law(1, rate: 0.5, 4, 64), "still the first use")
      _ = dropout(x, rate: 0, mode: .training)
      expectEqual(dropout(x, rate: 0.5, mode: .training) .== 0, law(1 << 31, rate: 0.5, 4, 64))
    }
  }

  @Test func evaluationIsTheSameTensorAndDrawsNothing() {
    withSeed(5) {
      let x = Tensor.ones([4, 64])
      expectTrue(dropout(x, rate: 0.5, mode: .evaluation, stream: 1).storage === x.storage)
      expectEqual(dropout(x, rate: 0.5, mode: .training, stream: 1) .== 0, law(1, rate: 0.5, 4, 64))
    }
  }

  @Test(arguments: [DType.float32, .float64])
  func rateOneGivesZerosNotNaN(dtype: DType) {
    let x = Tensor([[.nan, .infinity, 1], [-1, 0, 2]]).cast(to: dtype).requiringGradient()
    let y = dropout(x, rate: 1, mode: .training)
    expectEqual(y, .zeros([2, 3], dtype: dtype))
    y.backward(gradient: .full([2, 3], .nan, dtype: dtype))
    expectEqual(x.gradient, .zeros([2, 3], dtype: dtype))
  }

  @Test(arguments: [DType.float32, .float64], [Double.nan, .infinity])
  func whatIsDroppedDoesNotLeakForwardOrBackward(dtype: DType, poison: Double) {
    for units in [5, 32, 45, 256] {
      let dropped = law(2, rate: 0.5, 4, units)
      let one = Tensor.ones([], dtype: dtype), bad = Tensor.full([], poison, dtype: dtype)
      let x = MoultCore.select(dropped, bad, one).requiringGradient()
      let y = withSeed(5) { dropout(x, rate: 0.5, mode: .training, stream: 2) }
      expectEqual(y, MoultCore.select(dropped, .zeros([], dtype: dtype), 2 * one))
      y.backward(gradient: MoultCore.select(dropped, bad, one))
      expectEqual(x.gradient, y.detached())
    }
  }

  @Test func withoutAStreamNoTwoCallsShareAMask() {
    withSeed(5) {
      let x = Tensor.ones([4, 64])
      for count in 0..<4 as Range<UInt32> {
        expectEqual(dropout(x, rate: 0.5, mode: .training) .== 0, law((1 << 31) + count, rate: 0.5, 4, 64))
      }
      withStep(9) {
        expectEqual(dropout(x, rate: 0.5, mode: .training) .== 0, law(.max, step: 9, rate: 0.5, 4, 64))
        expectEqual(dropout(x, rate: 0.5, mode: .training) .== 0, law(.max, call: 1, step: 9, rate: 0.5, 4, 64))
      }
    }
  }

  @Test func withAStreamUsesOutsideScopesCountOn() {
    withSeed(5) {
      let x = Tensor.ones([4, 64])
      for step in 0..<3 as Range<UInt32> {
        expectEqual(dropout(x, rate: 0.5, mode: .training, stream: 6) .== 0, law(6, step: step, rate: 0.5, 4, 64))
      }
      expectEqual(
        dropout(x, rate: 0.5, mode: .sampling, stream: 6) .== 0, law(6, domain: .sampling, rate: 0.5, 4, 64))
      expectEqual(dropout(x, rate: 0.5, mode: .training, stream: 7) .== 0, law(7, rate: 0.5, 4, 64))
    }
  }

  @Test func vectorsAndScalarsAreOneSample() {
    withSeed(5) {
      withStep(2, firstSample: 30, sampleStride: 4) {
        let y = dropout(.ones([200]), rate: 0.5, mode: .training, stream: 1)
        expectEqual(y .== 0, law(1, step: 2, rate: 0.5, 1, 200).reshaped([200]))
        let z = dropout(Tensor(1), rate: 0.5, mode: .training, stream: 2)
        expectEqual(z .== 0, law(2, step: 2, rate: 0.5, 1, 1).reshaped([]))
      }
    }
  }

  @Test(arguments: [0, 1, 2, -1])
  func samplesRunAlongTheBatchAxis(axis: Int) {
    let x = samples([3, 4, 5], in: 1..<2), place = axis < 0 ? axis + 3 : axis
    let order = [place] + (0..<3).filter { $0 != place }
    let rows = x.shape[place], units = x.count / rows
    let y = withSeed(5) {
      withStep(0, firstSample: 7) { dropout(x, rate: 0.5, mode: .training, stream: 1, batchAxis: axis) }
    }
    let dropped = y.permuted(order).contiguous().reshaped([rows, units]) .== 0
    expectTrue(dropped == law(1, rate: 0.5, sample: 7, rows, units) && y.shape == x.shape)
    expectEqual(
      gradientErrors("batchAxis \(axis)", at: [x]) { x in
        withSeed(5) { dropout(x[0], rate: 0.5, mode: .training, stream: 1, batchAxis: axis) }
      }, [])
  }

  @Test func masksFollowTheIndexWhateverTheLayout() {
    let x = samples([6, 70], in: 1..<2, dtype: .float32)
    let wanted = withSeed(5) { dropout(x, rate: 0.3, mode: .training, stream: 1) }
    for layout in Layout.allCases {
      expectTrue(sameBits(withSeed(5) { dropout(layout.of(x), rate: 0.3, mode: .training, stream: 1) }, wanted))
    }
  }

  @Test(arguments: [[40, 1000], [2000, 33], [3, 70_001]])
  func threadsDrawTheSameMasks(shape: [Int]) {
    let x = samples(shape, dtype: .float32)
    let results = ProcessSettings.underThreadCounts([1, 2, 3, 4]) {
      withSeed(5) { withStep(1, firstSample: 3, sampleStride: 5) { dropout(x, rate: 0.3, mode: .training, stream: 1) } }
    }
    for (threads, y) in results { expectTrue(sameBits(y, results[0].result), "\(threads) threads") }
  }

  @Test func aRateThatIsNoProbabilityStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = dropout(.ones([2, 2]), rate: 1.5, mode: .training)
    }
    expectTrue(
      text(result).contains("dropout: expected a rate in 0...1, got 1.5; rate is the probability of dropping a unit"))
  }

  @Test func aRateThatIsNaNStopsTheProgramEvenInEvaluation() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = dropout(.ones([2, 2]), rate: .nan, mode: .evaluation)
    }
    expectTrue(text(result).contains("dropout: expected a rate in 0...1, got nan"))
  }

  @Test func aStreamBelowZeroStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = dropout(.ones([2, 2]), rate: 0.5, mode: .training, stream: -1)
    }
    expectTrue(text(result).contains("stream: expected a number in 0..<2^31, got -1"))
  }

  @Test func integersStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = dropout(Tensor(labels: [1, 2]), rate: 0.5, mode: .training)
    }
    expectTrue(
      text(result).contains(
        "dropout: expected a floating-point tensor, got int32 [2]; convert it with cast(to: .float32)"))
  }

  // MARK: - Shared by the variants

  @Test func survivorsScaleIsRoundedToAFloatOnce() {
    expectTrue(survivorScale(0) == 1 && survivorScale(0.5) == 2 && survivorScale(0.3) == Float(1 / 0.7))
    expectEqual(survivorScale(1), 1)
  }

  /// Selected, not multiplied: with or without a scale, forward and backward.
  @Test func keepingOnlySomeSelectsAndScales() {
    let x = Tensor([[1, .nan], [.infinity, 4]]).requiringGradient()
    let kept = Tensor([true, false, false, true], shape: [2, 2])
    expectEqual(keepingOnly(kept, of: x), Tensor([[1, 0], [0, 4]]))
    let y = keepingOnly(kept, of: x, scale: 2)
    expectEqual(y, Tensor([[2, 0], [0, 8]]))
    y.backward(gradient: Tensor([[1, .nan], [5, 3]]))
    expectEqual(x.gradient, Tensor([[2, 0], [0, 6]]))
    let rows = Tensor([true, false], shape: [2, 1])
    expectEqual(keepingOnly(rows, of: .ones([2, 2])), Tensor([[1, 1], [0, 0]]))
  }
}
