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

  @Test(arguments: [Mode.training, .evaluation, .sampling]) func fixingKeepsTheModeForLater(fixed: Mode) {
    let layer = Switch()
    layer.fixMode(fixed)
    expectEqual(layer.layerMode.fixed, fixed)
    for set in [layer.eval, layer.train, layer.eval] {
      set()
      expectEqual(layer.layerMode.current, fixed)
      layer.sampling { expectEqual(layer.layerMode.current, fixed) }
    }
    layer.unfixMode()
    expectNil(layer.layerMode.fixed)
    expectEqual(layer.layerMode.current, .evaluation)
  }
}
