import MoultCore
import MoultNN
import MoultTestSupport
import Testing

/// PyTorch's dropout modules with our masks: Tests/Reference/dropout.json, by Scripts/reference/make_dropout.py.
@Suite struct DropoutReferenceTests {
  @Test func resultsAndGradientsAgreeWithPyTorch() throws {
    let cases = try DropoutReference.file().cases
    expectEqual(Set(cases.map(\.module)).count, 6)
    for known in cases {
      let sharing: MaskSharing = known.sharing == "channels" ? .channels : .elementwise
      let isAlpha = known.module.contains("Alpha")
      let errors = known.errors {
        isAlpha
          ? AlphaDropout(known.rate, sharing: sharing, stream: 3)($0)
          : Dropout(known.rate, sharing: sharing, stream: 3)($0)
      }
      expectEqual(errors, [], "\(known.module) \(known.rate)")
    }
  }

  /// `keras.layers.Dropout(noise_shape:)` with the masks of the law.
  @Test func sharedAxesAgreeWithKerassNoiseShape() throws {
    let cases = try VariantReference.cases("kerasNoiseShape")
    expectEqual(cases.count, 4)
    for known in cases {
      let axes = (0..<2).compactMap { known.attributes["axis\($0)"].map { Int($0) } }
      let errors = known.errors { x in
        Dropout(known["rate"], sharing: axes == [0] ? .batch : .axes(axes), stream: Int(known["layer"]))(x)
      }
      expectEqual(errors, [], "axes \(axes)")
    }
  }
}
