import MoultCore
import MoultNN
import MoultTestSupport
import Testing

@Suite struct SequentialTests {
  @Test func layersApplyInOrder() {
    let model = Sequential(Linear(2, 3, bias: false, initializer: .constant(1)), ReLU(), Flatten())
    expectEqual(model(Tensor([[1, 2], [-5, 1]])), Tensor([[3, 3, 3], [0, 0, 0]]))
  }

  @Test func namesAreIndices() {
    let model = Sequential(Linear(2, 3), ReLU(), Dropout(0.5), Sequential(Linear(3, 1)))
    expectEqual(model.namedParameters().map(\.name), ["0.weight", "0.bias", "3.0.weight", "3.0.bias"])
    expectEqual(model.stochasticLayers().map(\.name), ["2"])
  }

  @Test func withoutLayersItIsTheIdentity() {
    let x = Tensor([1, 2])
    expectEqual(Sequential()(x), x)
  }

  @Test func anArrayIsAsGood() {
    let layers: [any Module<Tensor, Tensor>] = [Linear(2, 3), ReLU()]
    expectEqual(Sequential(layers).layers.count, 2)
  }
}
