import Moult
import MoultTestSupport
import Testing

@Suite struct ThroughputTests {
  @Test func stepsAreCountedOverTheWindowAndOverAll() throws {
    var time = 0.0
    let speed = Throughput(window: 2, now: { time })
    expectTrue(speed.overall == nil && speed.recent == nil)
    // 25 samples in batches of 10, 10 and 5, two epochs; step i takes i seconds.
    var recent: [Double?] = [], overall: [Double?] = []
    let clock = Recorder { step throws(MoultError) in time += Double(step.step) }
    let reader = Recorder { _ throws(MoultError) in
      recent.append(speed.recent)
      overall.append(speed.overall)
    }
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [clock, speed, reader])
    try trainer.fit(TrainingFixture.points(25), epochs: 2, batchSize: 10)
    let samples: [Double] = [0, 10, 20, 25, 35, 45, 50], times: [Double] = [0, 1, 3, 6, 10, 15, 21]
    for step in 1...6 {
      let first = max(0, step - 2)
      let speedNow = (samples[step] - samples[first]) / (times[step] - times[first])
      expectEqual(recent[step - 1], speedNow)
      expectEqual(overall[step - 1], samples[step] / times[step])
    }
  }

  @Test func aClockThatStandsStillGivesNoSpeed() throws {
    let speed = Throughput(window: 2, now: { 7 })
    try TrainingFixture.trainer(TrainingFixture.model(), callbacks: [speed])
      .fit(TrainingFixture.points(20), epochs: 1, batchSize: 10)
    expectTrue(speed.overall == nil && speed.recent == nil)
  }
}
