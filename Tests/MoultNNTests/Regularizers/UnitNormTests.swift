import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct UnitNormTests {
  @Test func itIsKerasOnTheIncomingWeights() throws {
    let cases = try KerasReference.cases("unit_norm")
    expectEqual(cases.count, 6)
    for known in cases {
      for dtype in [DType.float32, .float64] {
        let weight = Parameter(known.kernel.ours.cast(to: dtype))
        UnitNorm().apply(to: weight)
        expectTrue(isClose(weight.value, known.result.ours.scalars(), tolerance: 1e-6))
      }
    }
  }

  @Test func rowsOfZerosStay() {
    let weight = Parameter(Tensor([[0, 0], [3, 4]]))
    UnitNorm().apply(to: weight)
    expectTrue(isClose(weight.value, [0, 0, 0.6, 0.8], tolerance: 1e-6))
  }

  @Test func anOptimizerKeepsALayerAtIt() {
    let layer = Linear(4, 3, constraint: UnitNorm())
    let optimizer = SGD(layer.parameters(), learningRate: 0.3)
    for _ in 0..<3 { optimizer.step(minimizing: layer(.ones([2, 4])).sum()) }
    expectTrue(isClose((layer.weight.value * layer.weight.value).sum(axis: 1), [1, 1, 1], tolerance: 1e-5))
  }

  @Test func biasesAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      UnitNorm().apply(to: Parameter(Tensor([1, 2])))
    }
    expectTrue(message(result).contains("UnitNorm: expected weights [out, in, ...], got [2]"))
  }
}
