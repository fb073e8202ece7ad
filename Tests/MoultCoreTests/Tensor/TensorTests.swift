import MoultCore
import MoultTestSupport
import Testing

@Suite struct TensorTests {
  @Test func equalityLooksAtShapeTypeAndElements() {
    let x = Tensor([[1, 2], [3, 4]])
    expectTrue(x == Layout.spread.of(x) && x == x.requiringGradient())
    expectTrue(x != x.transposed() && x != x.reshaped([4]) && x != x.cast(to: .float64))
    expectTrue(
      Tensor([.nan]) != Tensor([.nan]) && Tensor([0]) == Tensor([-0.0]) && Tensor.zeros([0, 2]) != .zeros([2, 0]))
  }

  @Test func copiesShareAndViewsKeepTheirBuffer() {
    let x = samples([1000])
    let copy = x
    let view = { samples([1000])[10..<12] }()
    expectTrue(copy.storage === x.storage && view == x[10..<12])
  }

  @Test func detachingLosesTheHistoryOnly() {
    let x = samples([3]).requiringGradient(), y = x * 2
    expectTrue(
      y.requiresGradient && !y.detached().requiresGradient && y.detached() == y && y.detached().storage === y.storage)
    (y.detached() * x).sum().backward()
    expectEqual(x.gradient, y.detached())
  }
}
