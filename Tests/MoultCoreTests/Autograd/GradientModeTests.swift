import MoultCore
import MoultTestSupport
import Testing

@Suite struct GradientModeTests {
  private struct Stop: Error {}

  @Test func offMeansNoHistory() {
    let x = Tensor([1]).requiringGradient()
    expectTrue(withGradients(false) { !(x * 2).requiresGradient } && (x * 2).requiresGradient)
    expectTrue(withGradients(false) { withGradients(true) { (x * 2).requiresGradient } })
  }

  @Test func parametersAreReadWithoutHistoryToo() {
    let p = Parameter(Tensor([1]))
    expectTrue(p.value.requiresGradient && withGradients(false) { !p.value.requiresGradient })
  }

  @Test func aScopeEndsWithAThrow() {
    #expect(throws: Stop.self) { try withGradients(false) { throw Stop() } }
    expectTrue(gradientsEnabled)
    withGradients(false) {
      #expect(throws: Stop.self) { try withGradients(true) { throw Stop() } }
      expectTrue(!gradientsEnabled)
    }
  }

  @Test func anAsynchronousScopeEndsWithAThrow() async {
    await #expect(throws: Stop.self) {
      try await withGradients(false) {
        await Task.yield()
        expectTrue(!gradientsEnabled)
        throw Stop()
      }
    }
    expectTrue(gradientsEnabled)
  }

  @Test func childTasksInheritAndNeighboursDoNot() async {
    await withTaskGroup(of: Bool.self) { group in
      for wanted in [true, false, true, false] {
        group.addTask {
          await withGradients(wanted) {
            for _ in 0..<20 { await Task.yield() }
            async let child = gradientsEnabled
            let inherited = await child
            return gradientsEnabled == wanted && inherited == wanted
          }
        }
      }
      for await right in group { expectTrue(right) }
    }
    expectTrue(gradientsEnabled)
  }

  @Test func aGraphMadeBeforeIsWalkedInside() {
    let x = Tensor([3]).requiringGradient(), y = x * x
    withGradients(false) { y.backward() }
    expectEqual(x.gradient, Tensor([6]))
  }
}
