import MoultCore
import MoultNN
import Testing

/// A layer of a user of the library.
private final class Switch: Module {
  let layerMode = LayerMode()
  func callAsFunction(_ x: Tensor) -> Tensor { layerMode.current == .training ? x * 2 : x }
}

@Suite struct LayerModeTests {
  @Test func aUsersLayerFollowsItsModel() {
    let model = Sequential(Switch())
    let x = Tensor([[1, 2]])
    #expect(model(x) == Tensor([[2, 4]]))
    model.eval()
    #expect(model(x) == x)
    model.train()
    #expect(model.evaluating { model(x) } == x)
  }

  @Test func freezingKeepsTheModeForLater() {
    let layer = Switch()
    layer.freeze()
    #expect(layer.layerMode.isFrozen)
    layer.eval()
    layer.train()
    layer.eval()
    layer.unfreeze()
    #expect(!layer.layerMode.isFrozen)
    #expect(layer.layerMode.current == .evaluation)
  }
}
