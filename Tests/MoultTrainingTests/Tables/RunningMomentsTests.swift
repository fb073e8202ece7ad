import Testing

import MoultModels
import MoultTraining
import MoultTestSupport

@Suite struct RunningMomentsTests {
  @Test func aLargeMeanDoesNotEatTheDeviation() {
    var moments = RunningMoments()
    for i in 0..<10_000 { moments.add(1e9 + (i.isMultiple(of: 2) ? 0.25 : -0.25)) }
    expectTrue(abs(moments.mean - 1e9) < 1e-6 && abs(moments.deviation - 0.25) < 1e-6)
  }

  @Test func nothingHasNoDeviation() {
    expectEqual(RunningMoments().deviation, 0)
  }
}
