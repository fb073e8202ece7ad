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
  struct File: Decodable { let cases: [Case] }

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
}
