import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct GELUTests {
  @Test func theLayerIsTheFunction() {
    let x = Tensor([[-2, -0.5, 0], [0.5, 1, 3]])
    expectEqual(GELU()(x), gelu(x))
  }
}
