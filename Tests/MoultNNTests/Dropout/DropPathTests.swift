import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct DropPathTests {
  @Test func agreesWithTorchvisionGivenOurMasks() throws {
    let cases = try VariantReference.cases("dropPath")
    expectEqual(cases.count, 3)
    for known in cases {
      let layer = DropPath(known["rate"], stream: Int(known["layer"]))
      expectEqual(known.errors { layer($0) }, [])
      expectEqual(known.errors { dropPath($0, rate: known["rate"], mode: .training, stream: Int(known["layer"])) }, [])
    }
  }

  @Test func wholeSamplesAreZeroOrRescaled() {
    let y = withStep(0) { DropPath(0.5, stream: 0)(.ones([64, 2, 3])) }.scalars(as: Float.self)
    let rows = (0..<64).map { Set(y[$0 * 6..<$0 * 6 + 6]) }
    expectTrue(rows.allSatisfy { $0 == [0] || $0 == [2] })
    expectEqual(Set(rows).count, 2)
  }

  @Test func nanInADroppedSampleDoesNotLeakForwardOrBackward() {
    let x = Tensor.full([32, 3], .nan).requiringGradient()
    let y = withStep(0) { DropPath(0.5, stream: 0)(x) }
    let values = y.scalars(as: Float.self)
    expectTrue(values.contains(0) && values.contains { $0.isNaN })
    y.backward(gradient: .full([32, 3], .infinity))
    let gradient = x.gradient?.scalars(as: Float.self) ?? []
    expectTrue(zip(values, gradient).allSatisfy { $0 == 0 ? $1 == 0 : $1 == .infinity })
  }

  @Test func rateZeroDrawsNothingAndRateOneGivesZeros() {
    let x = Tensor([[1, .nan], [3, 4]]).requiringGradient()
    let none = DropPath(0)
    expectTrue(sameBits(none(x), x))
    expectEqual(none.dropoutState.calls.uses, 0)
    let y = DropPath(1)(x)
    expectEqual(y, .zeros([2, 2]))
    y.backward(gradient: .ones([2, 2]))
    expectEqual(x.gradient, .zeros([2, 2]))
  }

  @Test func microBatchesDropTheSamplesOfTheWholeBatch() {
    let layer = DropPath(0.5, stream: 1)
    let whole = withStep(3) { layer(.ones([20, 2])) }
    let parts = [0..<7, 7..<20].map { range in
      withStep(3, firstSample: range.lowerBound) { layer(.ones([range.count, 2])) }
    }
    expectEqual(concatenate(parts), whole)
  }

  @Test func ratesThatAreNoneAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = DropPath(.nan) }
    expectTrue(message(result).contains("DropPath: expected a rate in 0...1, got nan"))
  }

  // MARK: - Depth

  @Test func ratesGrowLinearlyWithDepth() {
    expectEqual(DropPath.linearRates(depth: 4, last: 0.5), [0.125, 0.25, 0.375, 0.5])
    expectEqual(DropPath.linearRates(depth: 0, last: 0.5), [])
  }

  /// The paper's example: 54 blocks with a last rate of 0.5 are 40.25 deep in expectation, (3 · 54 - 1) / 4.
  @Test func theExpectedDepthIsThatOfTheClosedForm() {
    let rates = DropPath.linearRates(depth: 54, last: 0.5)
    expectLess(abs(rates.reduce(54, -) - 40.25), 1e-12)
    let layers = rates.enumerated().map { DropPath($1, stream: $0) }
    let samples = 4096
    let active = withSeed(2) {
      withStep(0) {
        layers.reduce(0) { sum, layer in
          sum + layer(.ones([samples, 1])).scalars(as: Float.self).count { $0 != 0 }
        }
      }
    }
    let deviation = (rates.reduce(0) { $0 + $1 * (1 - $1) } / Double(samples)).squareRoot()
    expectLess(abs(Double(active) / Double(samples) - 40.25), 5 * deviation)
  }
}
