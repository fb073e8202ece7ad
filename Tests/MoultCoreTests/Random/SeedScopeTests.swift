import MoultCore
import MoultTestSupport
import Testing

@Suite struct SeedScopeTests {
  private struct Stop: Error {}

  @Test func eachScopeCountsAfresh() {
    func draws() -> [Tensor] { [.randomNormal([4]), .randomNormal([4]), .randomUniform([4])] }
    let a = withSeed(7, draws), b = withSeed(7, draws), c = withSeed(8, draws)
    expectTrue(a == b && a[0] != a[1] && a[0] != c[0])
    expectEqual(withSeed(7) { Tensor.randomNormal([4]) }, Tensor.randomNormal([4], seed: 7))
  }

  @Test func initializationStreamsAreCountedByParameter() {
    withSeed(9) {
      for layer in 0..<3 as Range<UInt32> {
        expectEqual(nextInitializationStream(), RandomStream(seed: 9, layer: layer, call: 0, domain: .initialization))
      }
      _ = Tensor.randomNormal([1])
      expectEqual(nextInitializationStream(), RandomStream(seed: 9, layer: 3, call: 0, domain: .initialization))
    }
  }

  @Test func scopesNestAndEndWithAThrow() {
    withSeed(1) {
      let first = Tensor.randomUniform([2])
      #expect(throws: Stop.self) {
        try withSeed(2) {
          expectEqual(Tensor.randomUniform([2]), Tensor.randomUniform([2], seed: 2))
          throw Stop()
        }
      }
      let second = Tensor.randomUniform([2])
      expectTrue(first == Tensor.randomUniform([2], seed: 1) && second != first, "and goes on counting")
    }
  }

  @Test func tasksHaveTheirOwnScopeAndChildrenShareIt() async {
    await withTaskGroup(of: Bool.self) { group in
      for seed in 1...4 as ClosedRange<UInt64> {
        group.addTask {
          await withSeed(seed) {
            await Task.yield()
            async let child = Tensor.randomUniform([3])
            let first = await child
            return first == Tensor.randomUniform([3], seed: seed) && Tensor.randomUniform([3]) != first
          }
        }
      }
      for await right in group { expectTrue(right) }
    }
  }

  /// In processes of their own: the seed is the process's.
  @Test func theProcessStartsAtSeedZeroAndCanBeSeeded() async {
    await #expect(processExitsWith: .success) {
      let first = Tensor.randomUniform([3])
      guard first == Tensor.randomUniform([3], seed: 0) else { fatalError("not seed 0") }
      guard Tensor.randomUniform([3]) != first else { fatalError("not counted") }
      setSeed(5)
      guard Tensor.randomUniform([3]) == Tensor.randomUniform([3], seed: 5) else { fatalError("not seed 5") }
      _ = nextInitializationStream()
      setSeed(5)
      guard nextInitializationStream() == RandomStream(seed: 5, layer: 0, call: 0, domain: .initialization) else {
        fatalError("not afresh")
      }
      guard withSeed(6, { Tensor.randomUniform([3]) }) == Tensor.randomUniform([3], seed: 6) else {
        fatalError("not seed 6")
      }
    }
  }
}
