import MoultCore
import MoultTestSupport
import Testing

@Suite struct NodeTests {
  private static let million = 1_000_000

  private func chain(from x: Tensor) -> Tensor {
    var y = x
    for _ in 0..<Self.million { y = -y }
    return y
  }

  @Test func aMillionNodesRunBackwardAndAreFreed() {
    let x = Tensor(1).requiringGradient()
    weak var first: Node?
    do {
      let start = -x
      first = start.node
      let y = chain(from: start)
      expectTrue(first != nil)
      y.backward(gradient: Tensor(3))
      expectEqual(x.gradient?.item(), -3)
    }
    expectNil(first)
  }

  @Test func aMillionNodesAreFreedWithoutBackward() {
    let x = Tensor(1).requiringGradient()
    weak var first: Node?
    do {
      let start = -x
      first = start.node
      _ = chain(from: start)
    }
    expectTrue(first == nil && x.gradient == nil)
  }

  @Test func aMillionNodesRetainedRunTwice() {
    let x = Tensor(1).requiringGradient(), y = chain(from: x)
    y.backward(retainingGraph: true)
    y.backward()
    expectEqual(x.gradient?.item(), 2)
  }

  @Test func aWideGraphIsFreedToo() {
    let x = Tensor(1).requiringGradient()
    weak var shared: Node?
    do {
      let trunk = -x
      shared = trunk.node
      var sum = trunk
      for _ in 0..<10_000 { sum = sum + trunk }
    }
    expectNil(shared)
  }

  @Test func nodesNameTheirOperation() {
    let y = exp(Tensor(1).requiringGradient())
    expectEqual(y.node.map { "\($0.operation)" }, "exp")
  }

  @Test func historiesAreRecordedForFloatingPointOnly() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor(labels: [1]).requiringGradient()
    }
    expectTrue(
      text(result).contains(
        "requiringGradient(): expected a floating-point tensor, got int32 [1]; convert it with cast(to: .float32)"))
  }
}
