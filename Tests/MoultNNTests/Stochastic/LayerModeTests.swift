import MoultCore
import MoultNN
import MoultTestSupport
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
    expectEqual(model(x), Tensor([[2, 4]]))
    model.eval()
    expectEqual(model(x), x)
    model.train()
    expectEqual(model.evaluating { model(x) }, x)
  }

  @Test func freezingKeepsTheModeForLater() {
    let layer = Switch()
    layer.freeze()
    expectTrue(layer.layerMode.isFrozen)
    layer.eval()
    layer.train()
    layer.eval()
    layer.unfreeze()
    expectTrue(!layer.layerMode.isFrozen)
    expectEqual(layer.layerMode.current, .evaluation)
  }
}
