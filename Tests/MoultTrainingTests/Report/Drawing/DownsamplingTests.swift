import Moult
import MoultReport
import Testing

@Suite struct DownsamplingTests {
  private func points(_ count: Int) -> [Downsampling.Point] {
    (0..<count).map { .init(x: Double($0), y: Double($0 * 7919 % 1013)) }
  }

  @Test(arguments: [0, 1, 5, 999, 1_000, 1_001, 10_000, 54_321])
  func atMostTheLimitIsKept(count: Int) {
    let all = points(count), kept = Downsampling.kept(all, limit: 1_000)
    #expect(kept.count <= 1_000 && kept.count >= min(count, 600))
    #expect(kept.first == all.first && kept.last == all.last)
    #expect(zip(kept, kept.dropFirst()).allSatisfy { $0.x < $1.x })
  }

  @Test func spikesAndGapsSurvive() {
    var all = points(10_000)
    (all[4_321].y, all[7_003].y, all[8_765].y) = (1e9, -1e9, .nan)
    let kept = Downsampling.kept(all, limit: 100)
    #expect(kept.contains(all[4_321]) && kept.contains(all[7_003]))
    #expect(kept.count { $0.y.isNaN } == 1)
  }

  @Test func spreadIndicesBeginAndEndWithTheEnds() {
    #expect(Downsampling.spread(3, limit: 5) == [0, 1, 2])
    #expect(Downsampling.spread(101, limit: 5) == [0, 25, 50, 75, 100])
    #expect(Downsampling.spread(0, limit: 5).isEmpty)
  }
}
