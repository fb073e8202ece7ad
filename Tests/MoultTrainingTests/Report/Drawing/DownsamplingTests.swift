import Moult
import MoultReport
import MoultTestSupport
import Testing

@Suite struct DownsamplingTests {
  private func points(_ count: Int) -> [Downsampling.Point] {
    (0..<count).map { .init(x: Double($0), y: Double($0 * 7919 % 1013)) }
  }

  @Test(arguments: [0, 1, 5, 999, 1_000, 1_001, 10_000, 54_321])
  func atMostTheLimitIsKept(count: Int) {
    let all = points(count), kept = Downsampling.kept(all, limit: 1_000)
    expectTrue(kept.count <= 1_000 && kept.count >= min(count, 600))
    expectTrue(kept.first == all.first && kept.last == all.last)
    expectTrue(zip(kept, kept.dropFirst()).allSatisfy { $0.x < $1.x })
  }

  @Test func spikesAndGapsSurvive() {
    var all = points(10_000)
    (all[4_321].y, all[7_003].y, all[8_765].y) = (1e9, -1e9, .nan)
    let kept = Downsampling.kept(all, limit: 100)
    expectTrue(kept.contains(all[4_321]) && kept.contains(all[7_003]))
    expectEqual(kept.count { $0.y.isNaN }, 1)
  }

  @Test func spreadIndicesBeginAndEndWithTheEnds() {
    expectEqual(Downsampling.spread(3, limit: 5), [0, 1, 2])
    expectEqual(Downsampling.spread(101, limit: 5), [0, 25, 50, 75, 100])
    expectTrue(Downsampling.spread(0, limit: 5).isEmpty)
  }
}
