import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct MaxNormTests {
  @Test func longRowsAreShortenedAndShortOnesStay() {
    let weight = Parameter(Tensor([[3, 4], [0.3, 0.4], [0, 2]]))
    MaxNorm(2).apply(to: weight)
    expectTrue(isClose(weight.value[0], [1.2, 1.6], tolerance: 1e-6))
    expectEqual(weight.value[1].detached(), Tensor([0.3, 0.4]))
    expectEqual(weight.value[2].detached(), Tensor([0, 2]))
  }

  @Test(arguments: [DType.float32, .float64]) func noRowIsEverLongerThanTheLimit(dtype: DType) {
    let drawn = Tensor.randomNormal([300, 257], dtype: dtype)
    let weight = Parameter(drawn)
    MaxNorm(15).apply(to: weight)
    let (before, after) = (drawn.scalars(as: Double.self), weight.value.scalars(as: Double.self))
    var changed = 0
    for row in 0..<300 {
      let range = row * 257..<(row + 1) * 257
      let norms = [before, after].map { $0[range].reduce(0) { $0 + $1 * $1 }.squareRoot() }
      expectAtMost(norms[1], 15 * (1 + 1e-6))
      if norms[0] > 15 { changed += 1 } else { expectEqual(before[range], after[range]) }
    }
    expectTrue((1..<300).contains(changed))
  }

  @Test func itIsKerasOnTheIncomingWeights() throws {
    let cases = try KerasReference.cases("max_norm")
    expectEqual(cases.count, 6)
    for known in cases {
      for dtype in [DType.float32, .float64] {
        let weight = Parameter(known.kernel.ours.cast(to: dtype))
        MaxNorm(known.argument ?? 0).apply(to: weight)
        expectTrue(isClose(weight.value, known.result.ours.scalars(), tolerance: 1e-6))
      }
    }
  }

  @Test func kernelsOfMoreAxesCountWhole() {
    let weight = Parameter(.ones([2, 3, 2, 2]))
    MaxNorm(1).apply(to: weight)
    expectTrue(
      isClose(weight.value.flattened(from: 0), Array(repeating: 1 / 12.0.squareRoot(), count: 24), tolerance: 1e-6))
  }

  @Test func rowsThatAreNotFiniteStay() {
    let weight = Parameter(Tensor([[.infinity, 1], [.nan, 3], [3, 4]]))
    MaxNorm(1).apply(to: weight)
    let values = weight.value.scalars(as: Float.self)
    expectTrue(values[1] == 1 && values[3] == 3 && abs(values[5] - 0.8) < 1e-6)
  }

  @Test func anOptimizerKeepsALayerWithinIt() {
    let layer = Linear(4, 3, constraint: MaxNorm(0.5))
    let optimizer = SGD(layer.parameters(), learningRate: 1)
    for _ in 0..<5 { optimizer.step(minimizing: layer(.ones([2, 4])).sum()) }
    let squares = (layer.weight.value * layer.weight.value).sum(axis: 1).scalars(as: Double.self)
    expectTrue(squares.allSatisfy { abs($0.squareRoot() - 0.5) < 1e-6 })
  }

  @Test func biasesAndEmptyLimitsAreRefused() async {
    let bias = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      MaxNorm(2).apply(to: Parameter(Tensor([1, 2])))
    }
    expectTrue(message(bias).contains("MaxNorm: expected weights [out, in, ...], got [2]"))
    let limit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = MaxNorm(0) }
    expectTrue(message(limit).contains("MaxNorm: expected a limit > 0, got 0.0"))
  }
}
