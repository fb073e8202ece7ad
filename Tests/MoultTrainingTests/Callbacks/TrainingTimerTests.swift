import Moult
import MoultTestSupport
import Testing

@Suite struct TrainingTimerTests {
  @Test func trainingEndsAfterTheEpochInWhichTheTimeIsUp() throws {
    var time = 100.0
    let clock = Recorder { _ throws(MoultError) in time += 1 }
    let timer = TrainingTimer(seconds: 6, now: { time })
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [clock, timer])
    // Three steps an epoch: the time is up with the last step of the second.
    let data = TrainingFixture.points(30)
    let history = try trainer.fit(data, epochs: 9, batchSize: 10)
    expectTrue(history.epochs.count == 2 && history.interrupted == nil)
    expectEqual(history.stopReason, "6.000 seconds were up in epoch 2")
    try expectEqual(
      trainer.fit(data, epochs: 9, batchSize: 10).epochs.map(\.epoch), [3, 4], "each call gets the time anew")
  }

  @Test func trainingThatIsQuickerIsLeftAlone() throws {
    let timer = TrainingTimer(seconds: 1e9)
    let history = try TrainingFixture.trainer(TrainingFixture.model(), callbacks: [timer])
      .fit(TrainingFixture.points(20), epochs: 3, batchSize: 10)
    expectTrue(history.epochs.count == 3 && history.stopReason == nil)
  }
}
