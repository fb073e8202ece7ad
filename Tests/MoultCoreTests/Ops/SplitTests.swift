import MoultCore
import MoultTestSupport
import Testing

@Suite struct SplitTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("split") { x, known in
      concatenate(x[0].split(sizes: known.sizes ?? [], axis: -1).reversed(), axis: -1)
    }
    try expectAgreesWithPyTorch("split_size") { x, known in
      concatenate(x[0].split(size: known.count ?? 1, axis: 1).map { $0.sum(axis: 1) })
    }
    try expectAgreesWithPyTorch("chunk") { x, known in
      stack(x[0].chunk(known.count ?? 1, axis: -1).map { $0.sum(axis: 2) })
    }
    expectGradients("split") { $0[0].split(size: 2, axis: -1).last ?? $0[0] }
    expectGradients("chunk") { $0[0].chunk(2)[0] }
  }

  @Test func partsArePutTogetherAgain() {
    let x = samples([5, 3, 4])
    expectEqual(concatenate(x.split(size: 2)), x)
    expectEqual(concatenate(x.chunk(3, axis: -1), axis: -1), x)
    expectEqual(x.chunk(2, axis: 1).map(\.shape), [[5, 2, 4], [5, 1, 4]])
    expectEqual(Tensor.ones([0, 2]).split(size: 3).map(\.shape), [[0, 2]])
  }
}
