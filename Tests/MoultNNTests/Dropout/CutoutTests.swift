import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct CutoutTests {
  @Test(arguments: [1, 2, 3, 4, 20]) func patchesFollowTheLaw(size: Int) throws {
    let y = DropoutReference.use { Cutout(size: size, stream: 3)(.full([6, 2, 5, 8], 3)) }
    let wanted = try DropoutReference.file().middles.flatMap { middle in
      (0..<2 * 5 * 8).map { place -> Float in
        let row = place / 8 % 5 - middle[0] + size / 2, column = place % 8 - middle[1] + size / 2
        return (0..<size).contains(row) && (0..<size).contains(column) ? 0 : 3
      }
    }
    expectEqual(y, Tensor(wanted, shape: [6, 2, 5, 8]))
  }

  /// At a rate below 1 the mask's unit 0 says who is cut.
  @Test func whoIsCutFollowsTheLaw() {
    let y = DropoutReference.use { Cutout(size: 1, rate: 0.3, stream: 3)(.ones([40, 1, 4, 4])) }
    let isCut = dropMaskBits(
      seed: 7, layer: 3, call: 0, domain: .training, step: 2, rate: 0.3, sample: 5, rows: 40, units: 1)
    expectEqual((0..<40).map { y[$0].scalars(as: Float.self).contains(0) }, isCut.map { $0[0] })
  }

  /// Pixels are replaced: nothing is rescaled, and neither NaN nor gradient comes through a patch.
  @Test func whatIsCutDoesNotLeakAndHasNoGradient() {
    let layer = Cutout(size: 3, rate: 0.5, stream: 3)
    let isCut = DropoutReference.use { layer(.ones([32, 2, 6, 6])) } .== 0
    let x = Tensor.full([32, 2, 6, 6], .nan).requiringGradient(), y = DropoutReference.use { layer(x) }
    let upstream = samples(x.shape, dtype: .float32)
    y.backward(gradient: upstream)
    expectEqual(y.scalars(as: Float.self).map(\.isNaN), isCut.scalars(as: Bool.self).map { !$0 })
    expectEqual(x.gradient, select(isCut, .zeros([]), upstream))
    expectTrue(zeroPattern(x.gradient ?? .ones([1])).contains(true))
  }

  @Test func withoutAPatchOrAChanceOfOneNothingIsDrawn() {
    let x = Tensor.ones([4, 1, 5, 5])
    for layer in [Cutout(size: 0), Cutout(size: 3, rate: 0)] {
      expectTrue(sameBits(layer(x), x))
      expectEqual(layer.dropoutState.calls.uses, 0)
    }
  }

  @Test func refusesWhatIsNoBatchOfImages() async {
    let flat = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Cutout(size: 2)(.ones([4, 784]))
    }
    expectTrue(message(flat).contains("Cutout: expected x: [N, C, H, W], got [4, 784]"))
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Cutout(size: -1) }
    expectTrue(message(size).contains("Cutout: expected a size of 0 pixels or more, got -1"))
  }
}
