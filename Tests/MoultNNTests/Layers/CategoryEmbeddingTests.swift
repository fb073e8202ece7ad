import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct CategoryEmbeddingTests {
  @Test func numbersBecomeRowsAndZeroBecomesZeros() {
    let layer = CategoryEmbedding(2, 3)
    layer.weight.value = Tensor([[1, 2, 3], [4, 5, 6]])
    expectEqual(layer(Tensor([2, 0, 1, 2])), Tensor([[4, 5, 6], [0, 0, 0], [1, 2, 3], [4, 5, 6]]))
    expectEqual(layer(Tensor(labels: [1])), Tensor([[1, 2, 3]]))
    expectEqual(layer(Tensor([Float](), shape: [0])).shape, [0, 3])
  }

  @Test func eachRowGetsTheGradientsOfItsPlaces() {
    let layer = CategoryEmbedding(3, 2, dtype: .float64)
    let weights = Tensor([[1, 2], [3, 4], [5, 6], [7, 8]] as [[Float]]).cast(to: .float64)
    (layer(Tensor([3, 1, 0, 3])) * weights).sum().backward()
    expectEqual(layer.weight.gradient, Tensor([3, 4, 0, 0, 8, 10] as [Double], shape: [3, 2]))
  }

  @Test func wholeRowsAreDropped() {
    let layer = CategoryEmbedding(400, 4, rate: 0.5)
    let numbers = Tensor((1...400).flatMap { [Float($0), Float($0)] })
    let rows = layer(numbers)
    var dropped = 0
    for row in 0..<400 {
      let values = rows[2 * row].scalars(as: Float.self), whole = layer.weight.value[row].scalars(as: Float.self)
      expectTrue(values == whole.map { $0 * 2 } || values.allSatisfy { $0 == 0 })
      expectEqual(values, rows[2 * row + 1].scalars(as: Float.self), "one value is dropped wherever it occurs")
      if values.allSatisfy({ $0 == 0 }) { dropped += 1 }
    }
    // Five standard deviations of a fair coin.
    expectLess(abs(dropped - 200), 50)
    layer.eval()
    expectEqual(layer(numbers)[7], layer.weight.value[3])
  }

  @Test func passesDrawRowsOfTheirOwn() {
    let layer = CategoryEmbedding(6, 2, rate: 0.5, stream: 3)
    let numbers = Tensor([1, 2, 3, 4, 5, 6])
    let together = layer.sampledOutputs(numbers, passes: 5)
    for pass in 0..<5 {
      let alone = withStep(pass) { layer.sampling { layer(numbers) } }
      expectEqual(together[pass], alone, "pass \(pass)")
    }
  }

  @Test func numbersOutOfRangeAreRefusedWithTheirPlace() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CategoryEmbedding(2, 3)(Tensor([1, 3]))
    }
    expectTrue(message(result).contains("CategoryEmbedding(2, 3): expected whole numbers in 0...2, got 3.0 at place 1"))
  }

  @Test func aTableWithoutVectorsIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CategoryEmbedding(0, 3)
    }
    expectTrue(message(result).contains("CategoryEmbedding: expected a count and a size of at least 1, got 0 and 3"))
  }
}
