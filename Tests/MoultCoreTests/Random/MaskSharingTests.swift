import MoultCore
import MoultTestSupport
import Testing

@Suite struct MaskSharingTests {
  /// The mask law by hand: where `x` is dropped, from the bits of the units and samples that `place` names for each
  /// index.
  private func law(
    _ shape: [Int], rate: Double, firstSample: Int = 0, stride: Int = 1, units: Int,
    _ place: ([Int]) -> (sample: Int, unit: Int)
  ) -> Tensor {
    let count = shape.reduce(1, *)
    var rows: [Int: [Bool]] = [:]
    let bits = (0..<count).map { element -> Bool in
      var rest = element, index = shape
      for axis in shape.indices.reversed() { (rest, index[axis]) = rest.quotientAndRemainder(dividingBy: shape[axis]) }
      let (sample, unit) = place(index)
      let row =
        rows[sample]
        ?? dropMaskBits(
          seed: 5, layer: 4, call: 0, domain: .training, step: 2, rate: rate, sample: UInt32(sample), rows: 1,
          units: units)[0]
      rows[sample] = row
      return row[unit]
    }
    return Tensor(bits, shape: shape)
  }

  private func run(
    _ x: Tensor, _ rate: Double, _ sharing: MaskSharing, firstSample: Int = 0, stride: Int = 1, batchAxis: Int = 0
  ) -> Tensor {
    withSeed(5) {
      withStep(2, firstSample: firstSample, sampleStride: stride) {
        dropout(x, rate: rate, mode: .training, sharing: sharing, stream: 4, batchAxis: batchAxis)
      }
    }
  }

  /// Every kind against the law, in values and, as the gradient is the layer again, in gradients.
  private func check(_ shape: [Int], _ rate: Double, _ sharing: MaskSharing, batchAxis: Int = 0, _ dropped: Tensor) {
    for dtype in [DType.float32, .float64] {
      let x = samples(shape, in: 1..<2, dtype: dtype).requiringGradient()
      let y = run(x, rate, sharing, firstSample: 3, batchAxis: batchAxis)
      let scale = Double(Float(1 / (1 - rate)))
      expectEqual(y, MoultCore.select(dropped, .zeros([], dtype: dtype), x.detached() * scale), "\(sharing) \(dtype)")
      y.backward(gradient: x.detached())
      expectEqual(x.gradient, y.detached(), "\(sharing) \(dtype)")
    }
  }

  @Test(arguments: [0.5, 0.3], [[4, 3], [5, 140], [4, 6, 7], [3, 5, 2, 3], [2, 4, 2, 3, 2]])
  func channelsOfAnyRank(rate: Double, shape: [Int]) {
    check(shape, rate, .channels, law(shape, rate: rate, units: shape[1]) { ($0[0] + 3, $0[1]) })
  }

  @Test(arguments: [0.5, 0.3]) func oneMaskForTheBatch(rate: Double) {
    check([6, 140], rate, .batch, law([6, 140], rate: rate, units: 140) { (0, $0[1]) })
    check([6, 5, 7], rate, .batch, law([6, 5, 7], rate: rate, units: 35) { (0, $0[1] * 7 + $0[2]) })
  }

  @Test(arguments: [1, 2, 3, 4, 100]) func groupsOfConsecutiveSamples(count: Int) {
    check([7, 45], 0.5, .groups(of: count), law([7, 45], rate: 0.5, units: 45) { (($0[0] + 3) / count, $0[1]) })
  }

  @Test func oneMaskForASequence() {
    check([4, 6, 40], 0.5, .time(), law([4, 6, 40], rate: 0.5, units: 40) { ($0[0] + 3, $0[2]) })
    check([4, 40, 6], 0.5, .time(axis: -1), law([4, 40, 6], rate: 0.5, units: 40) { ($0[0] + 3, $0[1]) })
    check(
      [6, 4, 40], 0.5, .time(axis: 0), batchAxis: 1, law([6, 4, 40], rate: 0.5, units: 40) { ($0[1] + 3, $0[2]) })
  }

  @Test func anyAxes() {
    let shape = [4, 5, 6, 7]
    check(shape, 0.5, .axes([2]), law(shape, rate: 0.5, units: 35) { ($0[0] + 3, $0[1] * 7 + $0[3]) })
    check(shape, 0.5, .axes([1, -1]), law(shape, rate: 0.5, units: 6) { ($0[0] + 3, $0[2]) })
    check(shape, 0.5, .axes([0, 2, 3]), law(shape, rate: 0.5, units: 5) { (0, $0[1]) })
    check(shape, 0.5, .axes([1, 2, 3]), law(shape, rate: 0.5, units: 1) { ($0[0] + 3, 0) })
    check(shape, 0.5, .axes([]), law(shape, rate: 0.5, units: 210) { ($0[0] + 3, ($0[1] * 6 + $0[2]) * 7 + $0[3]) })
    check(
      shape, 0.5, .axes([0, 1]), batchAxis: 2, law(shape, rate: 0.5, units: 7) { ($0[2] + 3, $0[3]) })
  }

  @Test(arguments: [1, 2, 3, 4, 5, 8]) func groupsFollowTheSampleIndexHoweverRowsAreDealtOut(stride: Int) {
    let y = run(.ones([6, 50]), 0.5, .groups(of: 4), firstSample: 2, stride: stride) .== 0
    expectEqual(y, law([6, 50], rate: 0.5, units: 50) { ((2 + stride * $0[0]) / 4, $0[1]) })
  }

  @Test func microBatchesOfAnySizeSeeTheGroupsOfTheWhole() {
    let x = samples([10, 33], dtype: .float32), whole = run(x, 0.5, .groups(of: 4))
    let parts = [0..<3, 3..<7, 7..<10].map { run(x[$0], 0.5, .groups(of: 4), firstSample: $0.lowerBound) }
    expectEqual(concatenate(parts), whole)
  }

  @Test(arguments: [MaskSharing.channels, .batch, .groups(of: 2), .time(), .axes([2])])
  func whatIsDroppedDoesNotLeak(sharing: MaskSharing) {
    let y = run(.full([8, 9, 10], .nan), 0.5, sharing).scalars(as: Float.self)
    expectTrue(y.allSatisfy { $0.isNaN || $0 == 0 } && y.contains(0) && y.contains { $0.isNaN })
  }

  @Test(
    arguments: [MaskSharing.channels, .batch, .groups(of: 2), .time(), .axes([2])],
    [[0, 3, 4], [3, 0, 4], [3, 4, 0]])
  func emptyTensorsPass(sharing: MaskSharing, shape: [Int]) {
    let x = Tensor.zeros(shape).requiringGradient(), y = run(x, 0.5, sharing)
    y.backward(gradient: .zeros(shape))
    expectTrue(y.shape == shape && x.gradient?.shape == shape)
  }

  @Test func aVectorIsOneSampleWithoutAxesToShare() async {
    expectEqual(run(.ones([90]), 0.5, .channels), run(.ones([90]), 0.5, .elementwise))
    expectEqual(run(.ones([90]), 0.5, .groups(of: 3)), run(.ones([90]), 0.5, .elementwise))
    let vector = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = dropout(.ones([9]), rate: 0.5, mode: .evaluation, sharing: .time(axis: 0))
    }
    expectTrue(text(vector).contains("dropout(sharing: .time): expected a tensor of rank 2 or more, got rank 1"))
  }

  @Test func impossibleSharingIsRefusedByName() async {
    let batch = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = dropout(.ones([2, 3, 4]), rate: 0.5, mode: .evaluation, sharing: .time(axis: 0))
    }
    expectTrue(text(batch).contains("dropout(sharing: .time): axis 0 is the batch axis"))
    let axis = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = dropout(.ones([2, 3, 4]), rate: 0.5, mode: .evaluation, sharing: .axes([3]))
    }
    expectTrue(text(axis).contains("dropout(sharing: .axes): expected an axis in -3..<3, got 3"))
    let group = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = dropout(.ones([2, 3]), rate: 0.5, mode: .training, sharing: .groups(of: 0))
    }
    expectTrue(text(group).contains("dropout(sharing: .groups): expected groups of 1..<2^32 samples, got 0"))
  }
}
