import MoultCore
import MoultTestSupport
import Testing

@Suite struct ScatterTests {
  @Test func agreesWithPyTorchAndDifferences() throws {
    try expectAgreesWithPyTorch("scatter") { x, known in scatter(x[0], x[1], x[2], axis: known.axis ?? 0) }
    try expectAgreesWithPyTorch("scatter_add") { x, known in scatterAdd(x[0], x[1], x[2], axis: known.axis ?? 0) }
    let places = Tensor([0, 0, 2, 1, 1, 1] as [Int32], shape: [3, 2])  // with repetitions
    expectGradients("scatter", [[[3, 3], [3, 2]], [[3, 3], [1]]]) { scatter($0[0], places, $0[1], axis: 1) }
    expectGradients("scatterAdd", [[[3, 3], [3, 2]], [[3, 3], [2]]]) { scatterAdd($0[0], places, $0[1], axis: -1) }
    expectEqual(
      scatter(someIntegers, Tensor(labels: [3, 0]), someIntegers[..<2], axis: 0),
      Tensor([1, 1, 2, 3] as [Int32], shape: [4]))
  }
}
