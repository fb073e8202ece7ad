import MoultCore
import MoultNN
import Testing

@Suite struct GELUTests {
  @Test func theLayerIsTheFunction() {
    let x = Tensor([[-2, -0.5, 0], [0.5, 1, 3]])
    #expect(GELU()(x) == gelu(x))
  }
}
