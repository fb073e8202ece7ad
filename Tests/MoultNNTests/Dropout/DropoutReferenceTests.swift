import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// PyTorch's dropout modules with our masks: Tests/Reference/dropout.json, by Scripts/reference/make_dropout.py.
@Suite struct DropoutReferenceTests {
  struct Case: Decodable {
    let module: String
    let rate: Double
    let sharing: String
    let shape: [Int]
    let input, output, gradient: [Double]
  }
  struct File: Decodable {
    let cases: [Case]
    let normal: [[Double]]
    let middles: [[Int]]
  }

  @Test func resultsAndGradientsAgreeWithPyTorch() throws {
    let cases = try ReferenceFiles.decode(File.self, from: "dropout.json").cases
    #expect(Set(cases.map(\.module)).count == 6)
    for known in cases {
      let sharing: MaskSharing = known.sharing == "channels" ? .channels : .elementwise
      let isAlpha = known.module.contains("Alpha")
      let layer: any Module<Tensor, Tensor> =
        isAlpha
        ? AlphaDropout(known.rate, sharing: sharing, stream: 3) : Dropout(known.rate, sharing: sharing, stream: 3)
      let x = Tensor(known.input, shape: known.shape).requiringGradient()
      let y = withSeed(7) { withStep(2, firstSample: 5) { layer(x) } }
      let upstream = Tensor((0..<x.count).map { Double($0 + 1) / 7 }, shape: known.shape)
      y.backward(gradient: upstream)
      let place = "\(known.module) \(known.rate)"
      #expect(
        mismatches(y, Tensor(known.output, shape: known.shape), absolute: 1e-12, relative: 1e-12) == [], "\(place)")
      #expect(
        x.gradient.map { mismatches($0, Tensor(known.gradient, shape: known.shape), absolute: 1e-12, relative: 1e-12) }
          == [], "\(place)")
    }
  }

  @Test func noiseFollowsTheLaw() throws {
    let normal = try ReferenceFiles.decode(File.self, from: "dropout.json").normal
    func run(_ layer: any Module<Tensor, Tensor>, _ x: Tensor) -> Tensor {
      withSeed(7) { withStep(2, firstSample: 5) { layer(x) } }
    }
    let x = samples([3, 5])
    let z = Tensor(normal.flatMap { $0 }, shape: [3, 5])
    #expect(mismatches(run(GaussianNoise(0.5, stream: 3), x), x + z * 0.5, absolute: 1e-14) == [])
    #expect(mismatches(run(GaussianDropout(0.2, stream: 3), x), x * (z * 0.5 + 1), absolute: 1e-14) == [])
    let turned = run(GaussianNoise(1, stream: 3, batchAxis: 1), .zeros([5, 3], dtype: .float64))
    #expect(mismatches(turned, z.transposed(), absolute: 1e-14) == [])
  }

  /// `keras.layers.GaussianDropout` with the draws of the law.
  @Test func gaussianDropoutAgreesWithKeras() throws {
    let cases = try VariantReference.cases("kerasGaussianDropout")
    #expect(cases.count == 2)
    for known in cases {
      #expect(known.errors { GaussianDropout(known["rate"], stream: Int(known["layer"]))($0) } == [])
    }
  }

  /// `keras.layers.Dropout(noise_shape:)` with the masks of the law.
  @Test func sharedAxesAgreeWithKerassNoiseShape() throws {
    let cases = try VariantReference.cases("kerasNoiseShape")
    #expect(cases.count == 4)
    for known in cases {
      let axes = (0..<2).compactMap { known.attributes["axis\($0)"].map { Int($0) } }
      let errors = known.errors { x in
        Dropout(known["rate"], sharing: axes == [0] ? .batch : .axes(axes), stream: Int(known["layer"]))(x)
      }
      #expect(errors == [], "axes \(axes)")
    }
  }

  @Test(arguments: [1, 2, 3, 4, 20]) func patchesFollowTheLaw(size: Int) throws {
    let middles = try ReferenceFiles.decode(File.self, from: "dropout.json").middles
    let layer = Cutout(size: size, stream: 3)
    let y = withSeed(7) { withStep(2, firstSample: 5) { layer(.full([6, 2, 5, 8], 3)) } }
    let wanted = middles.flatMap { middle in
      (0..<2 * 5 * 8).map { place -> Float in
        let row = place / 8 % 5 - middle[0] + size / 2, column = place % 8 - middle[1] + size / 2
        return (0..<size).contains(row) && (0..<size).contains(column) ? 0 : 3
      }
    }
    #expect(y == Tensor(wanted, shape: [6, 2, 5, 8]))
  }

  /// At a rate below 1 the mask's unit 0 says who is cut.
  @Test func whoIsCutFollowsTheLaw() {
    let layer = Cutout(size: 1, rate: 0.3, stream: 3)
    let y = withSeed(7) { withStep(2, firstSample: 5) { layer(.ones([40, 1, 4, 4])) } }
    let isCut = dropMaskBits(
      seed: 7, layer: 3, call: 0, domain: .training, step: 2, rate: 0.3, sample: 5, rows: 40, units: 1)
    #expect((0..<40).map { y[$0].scalars(as: Float.self).contains(0) } == isCut.map { $0[0] })
  }

  @Test func cutoutRefusesWhatIsNoBatchOfImages() async {
    let flat = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Cutout(size: 2)(.ones([4, 784]))
    }
    #expect(message(flat).contains("Cutout: expected x: [N, C, H, W], got [4, 784]"))
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Cutout(size: -1) }
    #expect(message(size).contains("Cutout: expected a size of 0 pixels or more, got -1"))
  }
}
