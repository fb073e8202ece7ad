import MoultCore
import MoultTestSupport
import Testing

@Suite struct SortTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    func sorted(_ x: Tensor, _ known: OpReference.Attributes) -> (values: Tensor, indices: Tensor) {
      x.sorted(axis: known.axis ?? 0, descending: known.descending ?? false)
    }
    try expectAgreesWithPyTorch("sort") { sorted($0[0], $1).values }
    try expectAgreesWithPyTorch("argsort") { sorted($0[0], $1).indices }
    expectGradients("sorted") { $0[0].sorted().values }
    expectGradients("sorted, axis 0") { $0[0].sorted(axis: 0, descending: true).values }
  }

  @Test func specialNumbers() {
    expectElements(oddNumbers.sorted().values, [-.infinity, -0.0, 5, .infinity, .nan], "sorted")
    expectElements(oddNumbers.sorted(descending: true).values, [.nan, .infinity, 5, -0.0, -.infinity], "descending")
    expectEqual(someIntegers.sorted().values, Tensor([1, 1, 2, 3] as [Int32], shape: [4]))
  }

  @Test func indicesGatherTheValues() {
    let x = samples([5, 3, 4])
    expectEqual(gather(x, x.argsort(axis: 0), axis: 0), x.sorted(axis: 0).values)
  }
}
