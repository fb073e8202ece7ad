import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct SELUTests {
  @Test func theLayerIsTheFunction() {
    let x = Tensor([[-2, -0.5, 0], [0.5, 1, 3]])
    expectEqual(SELU()(x), selu(x))
  }
}
