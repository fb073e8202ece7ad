import Moult
import MoultTestSupport
import Testing

@Suite struct StopSignalTests {
  private let data = TrainingFixture.points(30)

  @Test func theFirstRequestStays() {
    let stop = StopSignal()
    expectNil(stop.requestedSignal)
    expectTrue(stop.request(signal: 15))
    expectTrue(!stop.request())
    expectEqual(stop.requestedSignal, 15)
    stop.reset()
    expectNil(stop.requestedSignal)
  }

  @Test func trainingEndsAfterTheStepInWhichItWasAskedTo() throws {
    let stop = StopSignal()
    let recorder = Recorder { step throws(MoultError) in
      if step.step == 5 { stop.request(signal: 15) }
    }
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [recorder], stopSignal: stop)
    let history = try trainer.fit(data, validation: data, epochs: 9, batchSize: 10)
    expectEqual(history.interrupted, 15)
    expectEqual(history.steps, 5)
    expectEqual(history.samples, 50)
    expectEqual(history.epochs.map(\.epoch), [1])
    expectEqual(recorder.events.suffix(2), ["step 5", "end"])
  }

  @Test func aRequestInTheLastStepOfAnEpochLeavesAWholeEpoch() throws {
    let stop = StopSignal()
    let recorder = Recorder { step throws(MoultError) in
      if step.step == 3 { stop.request() }
    }
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [recorder], stopSignal: stop)
    let history = try trainer.fit(data, epochs: 9, batchSize: 10)
    expectEqual(history.interrupted, 2)
    expectEqual(recorder.events.suffix(3), ["step 3", "epoch 1", "end"])
  }

  @Test func goingOnAfterAStopSkipsNoStep() throws {
    let stop = StopSignal()
    let recorder = Recorder { step throws(MoultError) in
      if step.step == 3 { stop.request() }
    }
    let (whole, stopped) = (TrainingFixture.model(), TrainingFixture.model())
    try TrainingFixture.trainer(whole).fit(data, epochs: 2, batchSize: 10)
    let trainer = TrainingFixture.trainer(stopped, callbacks: [recorder], stopSignal: stop)
    try trainer.fit(data, epochs: 2, batchSize: 10)
    stop.reset()
    try trainer.fit(data, epochs: 1, batchSize: 10)
    expectEqual(TrainingFixture.bits(whole), TrainingFixture.bits(stopped))
  }

  @Test(arguments: [1, 2, 4, 5])
  func goingOnAfterAStopWithinAnEpochTrainsOnNoBatchTwice(last: Int) throws {
    let stop = StopSignal()
    let stopper = Recorder { step throws(MoultError) in
      if step.step == last { stop.request() }
    }
    let (whole, stopped) = (TrainingFixture.model(), TrainingFixture.model())
    let expected = try TrainingFixture.trainer(whole).fit(data, epochs: 2, batchSize: 10)
    let trainer = TrainingFixture.trainer(stopped, callbacks: [stopper], stopSignal: stop)
    let first = try trainer.fit(data, epochs: 2, batchSize: 10)
    expectEqual(first.steps, last)
    stop.reset()
    let second = try trainer.fit(data, epochs: 2 - trainer.completedEpochs, batchSize: 10)
    expectEqual(TrainingFixture.bits(whole), TrainingFixture.bits(stopped))
    expectTrue(second.steps == 6 - last && second.samples == 60 - 10 * last)
    expectEqual((first.epochs + second.epochs).map(\.trainLoss), expected.epochs.map(\.trainLoss))
    expectEqual((first.epochs + second.epochs).map(\.steps), [3, 6])
  }

  @Test func whatACallbackStoppedGoesOnAsWell() throws {
    var isFull = true
    let failing = Recorder { step throws(MoultError) in
      if step.step == 2, isFull { throw MoultError(.cannotWrite, "the disk is full") }
    }
    let (whole, stopped) = (TrainingFixture.model(), TrainingFixture.model())
    try TrainingFixture.trainer(whole).fit(data, epochs: 1, batchSize: 10)
    let trainer = TrainingFixture.trainer(stopped, callbacks: [failing])
    #expect(throws: MoultError.self) { try trainer.fit(data, epochs: 1, batchSize: 10) }
    isFull = false
    try trainer.fit(data, epochs: 1, batchSize: 10)
    expectEqual(TrainingFixture.bits(whole), TrainingFixture.bits(stopped))
  }

  @Test func aRequestInTheVeryLastStepInterruptsNothing() throws {
    let stop = StopSignal()
    let recorder = Recorder { step throws(MoultError) in
      if step.step == 6 { stop.request() }
    }
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [recorder], stopSignal: stop)
    let history = try trainer.fit(data, epochs: 2, batchSize: 10)
    expectNil(history.interrupted)
    expectEqual(history.epochs.count, 2)
  }
}
