import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct FlattenTests {
  @Test(arguments: [([2, 3, 4], [2, 12]), ([2, 3], [2, 3]), ([5], [5, 1]), ([0, 2, 2], [0, 4])])
  func eachSampleBecomesARow(shape: [Int], expected: [Int]) {
    expectEqual(Flatten()(.zeros(shape)).shape, expected)
  }

  @Test func theGradientHasTheShapeOfTheInput() {
    let x = Tensor.ones([2, 3, 4]).requiringGradient()
    Flatten()(x).sum().backward()
    expectEqual(x.gradient?.shape, [2, 3, 4])
  }
}
