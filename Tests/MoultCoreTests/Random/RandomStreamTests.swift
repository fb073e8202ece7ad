import CMoultKernels
import MoultCore
import MoultTestSupport
import Testing

@Suite struct RandomStreamTests {
  @Test func philoxGivesTheAuthorsVectors() throws {
    let blocks = try MaskLawFile.load().philox
    expectEqual(blocks.count, 3)
    for known in blocks {
      let c: [UInt32] = known.counter.map { hex($0) }, k: [UInt32] = known.key.map { hex($0) }
      let out = Philox.block((c[0], c[1], c[2], c[3]), key: UInt64(k[1]) << 32 | UInt64(k[0]))
      expectEqual([out.0, out.1, out.2, out.3], known.output.map { hex($0) })
      expectEqual(PlainLaw.philox(c, k), known.output.map { hex($0) })
    }
  }

  @Test func everyKnownStreamKey() throws {
    let streams = try MaskLawFile.load().streams
    expectEqual(streams.count, 12)
    for known in streams {
      let domain = try unwrapped(RandomDomain(rawValue: known.domain))
      let stream = RandomStream(seed: hex(known.seed), layer: known.layer, call: known.call, domain: domain)
      expectEqual([stream.key0, stream.key1], known.key.map { hex($0) })
    }
    expectEqual(RandomDomain.allCases.map(\.rawValue), [0, 1, 2, 3, 4, 5])
  }

  @Test func everyKnownDraw() throws {
    let draws = try MaskLawFile.load().draws
    expectEqual(draws.count, 3)
    for known in draws {
      let domain = try unwrapped(RandomDomain(rawValue: known.domain)), n = known.bits.count
      let stream = RandomStream(seed: hex(known.seed), layer: known.layer, call: known.call, domain: domain)
      let draw = known.part - 1024
      let bits = stream.bits(n, step: known.step, sample: known.sample, draw: draw)
      expectEqual(bits, known.bits.map { hex($0) })
      for count in 0..<n {
        expectEqual(stream.bits(count, step: known.step, sample: known.sample, draw: draw), Array(bits[..<count]))
      }
      var doubles = [Double](repeating: 0, count: n), floats = [Float](repeating: 0, count: n), normals = doubles
      var spec = mk_draw(
        k0: stream.key0, k1: stream.key1, step: known.step, sample: known.sample, stride: 0, part: known.part, first: 0)
      mk_draw_uniform_f64(&spec, 1, n, 0, 1, &doubles)
      mk_draw_uniform_f32(&spec, 1, n, 0, 1, &floats)
      mk_draw_normal_f64(&spec, 1, n, 0, 1, &normals)
      expectTrue(doubles == known.uniformDouble && floats.map { Double($0) } == known.uniformFloat)
      for (got, wanted) in zip(normals, known.gaussian) {
        expectAtMost((got - wanted).magnitude, 1e-14 * (1 + wanted.magnitude))
      }
      var last: UInt64 = 0
      spec.first = known.lastUnit.unit
      mk_draw_bits(&spec, 1, 1, &last)
      expectEqual(last, hex(known.lastUnit.bits))
    }
  }

  @Test func everyKnownShuffle() throws {
    let shuffles = try MaskLawFile.load().shuffles
    expectEqual(shuffles.count, 7)
    for known in shuffles {
      expectEqual(shuffledIndices(count: known.count, seed: hex(known.seed), epoch: known.epoch), known.order)
    }
  }

  @Test func theExamplesOfTheDocumentHold() {
    let wide = Tensor.randomUniform([3], dtype: .float64, seed: 1).scalars(as: Double.self)
    expectEqual(wide, [0.34226541311689385, 0.8315225045153135, 0.926127958620187])
    expectEqual(
      Tensor.randomUniform([3], seed: 1), Tensor([0.34226536750793457, 0.8315224647521973, 0.9261279106140137]))
    let normal = Tensor.randomNormal([3], dtype: .float64, seed: 1)
    let wanted = Tensor([1.1223504605265715, 0.11863489361544517, 0.15571565119908642] as [Double], shape: [3])
    expectEqual(mismatches(normal, wanted, absolute: 1e-14), [])
    expectEqual(shuffledIndices(count: 10, seed: 1, epoch: 1), [2, 0, 4, 7, 9, 8, 6, 5, 3, 1])
  }

  @Test func rangesAndDeviationsScaleWhatIsDrawn() {
    let unit = Tensor.randomUniform([1000], dtype: .float64, seed: 4)
    expectEqual(Tensor.randomUniform([1000], in: -3..<5, dtype: .float64, seed: 4), unit * 8 - 3)
    let normal = Tensor.randomNormal([1000], dtype: .float64, seed: 4)
    expectEqual(Tensor.randomNormal([1000], mean: 2, standardDeviation: 3, dtype: .float64, seed: 4), normal * 3 + 2)
  }

  /// With n = 2^18 a mean that is wrong by 0.016 deviations is found (|z| > 5) with probability 0.999.
  @Test func momentsAreRight() {
    let n = 1 << 18, root = Double(n).squareRoot()
    let uniform = Tensor.randomUniform([n], dtype: .float64, seed: 5),
      normal = Tensor.randomNormal([n], dtype: .float64, seed: 6)
    let z = [
      (uniform.mean().item(as: Double.self) - 0.5) * 12.0.squareRoot() * root,
      normal.mean().item(as: Double.self) * root,
      (normal.variance().item(as: Double.self) - 1) / 2.0.squareRoot() * root,
      (uniform.variance().item(as: Double.self) * 12 - 1) / 0.8.squareRoot() * root,
    ]
    expectTrue(z.allSatisfy { $0.magnitude < 5 }, "\(z)")
    expectTrue(uniform.min().item() >= 0 && uniform.max().item() <= 1 && normal.max().item() < 6.765)
  }

  @Test(arguments: [0, 1, 2, 100])
  func shufflesArePermutationsThatDifferByEpoch(count: Int) {
    let orders = (0..<5).map { shuffledIndices(count: count, seed: 3, epoch: $0) }
    expectTrue(orders.allSatisfy { $0.sorted() == Array(0..<count) })
    if count == 100 { expectEqual(Set(orders).count, 5) }
  }

  @Test func moreDrawsThanTheLawHasStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RandomStream(seed: 1, layer: 0, call: 0, domain: .user).bits((1 << 33) + 1)
    }
    expectTrue(text(result).contains("random draws: expected at most 2^33 numbers a draw, got 8589934593"))
  }

  @Test func partsDoNotWrapIntoMasks() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RandomStream(seed: 1, layer: 0, call: 0, domain: .user).bits(1, draw: (1 << 26) - 1024)
    }
    expectTrue(text(result).contains("random draws: expected a draw below 2^26 - 1024, got 67107840"))
  }

  @Test func integersAreNotDrawn() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.randomUniform([2], dtype: .int32)
    }
    expectTrue(text(result).contains("random tensors: expected float32 or float64, got int32"))
  }

  @Test func anEpochBelowZeroStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = shuffledIndices(count: 3, seed: 0, epoch: -1)
    }
    expectTrue(text(result).contains("shuffle: expected epoch in 0..<2^32, got -1"))
  }
}
