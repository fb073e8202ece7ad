import MoultCore
import MoultTestSupport
import Testing

@Suite struct ContiguousTests {
  @Test func aViewIsCopiedAndKeepsItsHistory() {
    let x = samples([3, 4]).requiringGradient(), y = x.transposed().contiguous()
    expectTrue(y.isContiguous && y == x.transposed())
    (y * samples([4, 3], seed: 2)).sum().backward()
    expectEqual(x.gradient, samples([4, 3], seed: 2).transposed())
  }

  @Test func whatIsContiguousIsReturnedAsItIs() {
    let x = samples([3, 4]).requiringGradient(), y = x.contiguous()
    expectTrue(y.storage === x.storage && y.node === x.node)
  }

  @Test func gradients() {
    expectEqual(gradientErrors("contiguous", at: [samples([2, 3])]) { $0[0].transposed().contiguous() }, [])
  }
}
