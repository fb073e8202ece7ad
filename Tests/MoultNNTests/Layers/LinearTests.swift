import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct LinearTests {
  @Test func itIsTheProductWithTheTransposedWeightPlusBias() throws {
    let layer = Linear(3, 2)
    try layer.load(["weight": Tensor([[1, 2, 3], [4, 5, 6]]), "bias": Tensor([10, 20])])
    expectEqual(layer(Tensor([[1, 0, -1], [2, 1, 0]])), Tensor([[8, 18], [14, 33]]))
  }

  @Test func shapesAreAsDocumented() {
    let layer = Linear(3, 2)
    expectEqual(layer.weight.shape, [2, 3])
    expectEqual(layer.bias?.shape, [2])
    expectNil(Linear(3, 2, bias: false).bias)
    expectEqual(layer(.ones([5, 3])).shape, [5, 2])
    expectEqual(layer(.ones([0, 3])).shape, [0, 2])
    expectEqual(layer(.ones([4, 5, 3])).shape, [4, 5, 2])
    expectEqual(layer(.ones([3])).shape, [2])
    expectEqual(Linear(3, 2, dtype: .float64)(.ones([1, 3], dtype: .float64)).dtype, .float64)
  }

  @Test func inputsOfAnyRankAreRowsOfFeatures() {
    let layer = Linear(3, 2)
    let x = Tensor.randomNormal([2, 4, 3])
    expectEqual(layer(x), layer(x.reshaped([8, 3])).reshaped([2, 4, 2]))
    expectEqual(layer(x[0, 0]), layer(x[0])[0])
  }

  @Test func gradientsAreAsDocumented() throws {
    let layer = Linear(3, 2)
    try layer.load(["weight": Tensor([[1, 2, 3], [4, 5, 6]]), "bias": Tensor([10, 20])])
    let x = Tensor([[1, 0, -1], [2, 1, 0]]).requiringGradient()
    layer(x).backward(gradient: Tensor([[1, -1], [0.5, 2]]))
    expectEqual(x.gradient, Tensor([[-3, -3, -3], [8.5, 11, 13.5]]))
    expectEqual(layer.weight.gradient, Tensor([[2, 0.5, -1], [3, 2, 1]]))
    expectEqual(layer.bias?.gradient, Tensor([1.5, 1]))
  }

  @Test func aFreshLayerIsUniformWithinOneOverTheRootOfItsInputs() {
    let layer = withSeed(5) { Linear(400, 300) }
    let bound: Float = 1 / 20
    for parameter in layer.parameters() {
      let values = parameter.value.scalars(as: Float.self)
      expectTrue(values.allSatisfy { abs($0) <= bound })
      expectTrue(values.contains { $0 > 0.95 * bound } && values.contains { $0 < -0.95 * bound })
    }
  }

  @Test func wrongShapesGetAHint() async {
    let images = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(784, 256)(.zeros([100, 28, 28]))
    }
    expectTrue(
      message(images).contains("Linear(784 -> 256): expected x: [N, 784], got [100, 28, 28]; flatten it first"))
    let transposed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(784, 256)(.zeros([784, 100]))
    }
    expectTrue(
      message(transposed).contains("Linear(784 -> 256): expected x: [N, 784], got [784, 100]; transpose it first"))
    let other = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(3, 2)(.zeros([5, 4]))
    }
    expectTrue(
      message(other).contains("Linear(3 -> 2): expected x: [N, 3], got [5, 4]; the last axis holds the features"))
  }

  @Test func sizesBelowOneAreRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Linear(3, 0) }
    expectTrue(message(result).contains("Linear: expected sizes of at least 1, got 3 -> 0"))
  }
}
