import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct EmbeddingTests {
  private let table = Tensor([[1, 2, 3], [4, 5, 6]])

  @Test func indicesOfAnyShapeCountFromZero() {
    let layer = Embedding(count: 2, size: 3)
    layer.weight.value = table
    expectEqual(layer(Tensor([1, 0])), Tensor([[4, 5, 6], [1, 2, 3]]))
    expectEqual(layer(Tensor(labels: [1])), Tensor([[4, 5, 6]]))
    let sequences = layer(Tensor([[0, 1], [1, 1]]))
    expectEqual(sequences, Tensor([1, 2, 3, 4, 5, 6, 4, 5, 6, 4, 5, 6] as [Float], shape: [2, 2, 3]))
    expectEqual(layer(Tensor([Float](), shape: [0])).shape, [0, 3])
  }

  @Test func eachRowGetsTheGradientsOfItsPlaces() {
    let layer = Embedding(count: 3, size: 2, dtype: .float64)
    let weights = Tensor([[1, 2], [3, 4], [5, 6]] as [[Float]]).cast(to: .float64)
    (layer(Tensor([2, 0, 2])) * weights).sum().backward()
    expectEqual(layer.weight.gradient, Tensor([3, 4, 0, 0, 6, 8] as [Double], shape: [3, 2]))
  }

  @Test func aRowIsDroppedWhereverItOccurs() {
    let layer = Embedding(count: 100, size: 2, rate: 0.5)
    layer.weight.value = .ones([100, 2])
    let rows = layer(Tensor((0..<100).flatMap { [Float($0), Float($0)] }))
    for row in 0..<100 { expectEqual(rows[2 * row], rows[2 * row + 1]) }
    expectEqual(Set(rows.scalars(as: Float.self)), [0, 2])
    layer.eval()
    expectEqual(layer(Tensor([7])), .ones([1, 2]))
  }

  /// The same seed draws the same table for both layers: files of old models go on to load.
  @Test func theTableOfCategoriesHasTheSameNameAndShape() {
    let categories = withSeed(3) { CategoryEmbedding(4, 2) }, plain = withSeed(3) { Embedding(count: 4, size: 2) }
    expectEqual(categories.stateDictionary(), plain.stateDictionary())
    expectEqual(categories(Tensor([1, 4])), plain(Tensor([0, 3])))
  }

  @Test(arguments: [2, -1]) func anIndexOutOfRangeIsRefusedWithItsPlace(index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [index] in
      _ = Embedding(count: 2, size: 3)(Tensor([1, Float(index)]))
    }
    expectTrue(
      message(result).contains("Embedding(2, 3): expected whole numbers in 0..<2, got \(Double(index)) at place 1"))
  }

  @Test func aTableWithoutVectorsIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Embedding(count: 2, size: 0)
    }
    expectTrue(message(result).contains("Embedding: expected a count and a size of at least 1, got 2 and 0"))
  }
}
