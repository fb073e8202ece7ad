import Moult
import MoultPlatform
import MoultTestSupport
import Synchronization
import Testing

/// Training in tasks: cancellation, a thread of its own, events.
@Suite struct TrainingTaskTests {
  @TaskLocal private static var mark = 0
  private let data = TrainingFixture.points(30)

  @Test func cancellingTheTaskEndsTrainingAfterItsStepWithASavePoint() async throws {
    let data = data
    let (steps, points, history) = try await Task {
      var steps = 0, points: [Int] = []
      let trainer = TrainingFixture.trainer(
        TrainingFixture.model(),
        callbacks: [
          .onStepEnd { step in
            steps = step.step
            if step.step == 5 { withUnsafeCurrentTask { $0?.cancel() } }
          },
          .onSavePoint { points.append($0.completedEpochs) },
        ])
      let history = try trainer.fit(data, epochs: 9, batchSize: 10)
      return (steps, points, history)
    }.value
    expectTrue(steps == 5 && history.steps == 5 && history.interrupted == StopSignal.interrupt)
    expectEqual(points, [1, 1])
  }

  /// A view model, as an app has it: the trainer belongs to an actor.
  @MainActor private final class ViewModel {
    let model = TrainingFixture.model()
    private(set) var epochs: [EpochRecord] = []
    let trainer: Trainer<TinyNetwork>

    init(_ callback: any Callback) { trainer = TrainingFixture.trainer(model, callbacks: [callback]) }

    func train(_ data: TensorDataset) async throws -> History {
      try await trainer.fitInBackground(data, validation: data, epochs: 1, batchSize: 10)
    }

    func watch(_ data: TensorDataset) async throws {
      for try await event in trainer.training(data, validation: data, epochs: 1, batchSize: 10) {
        if case .epoch(let epoch) = event { epochs.append(epoch) }
      }
    }
  }

  @Test func bothFormsTrainAsFitDoesWithTheValuesOfTheTask() async throws {
    let twin = TrainingFixture.model()
    let expected = try TrainingFixture.trainer(twin).fit(data, validation: data, epochs: 2, batchSize: 10)
    let marks = Mutex<[Int]>([]), data = data
    let owner = await ViewModel(.onStepEnd { _ in marks.withLock { $0.append(Self.mark) } })
    let first = try await Self.$mark.withValue(7) { try await owner.train(data) }
    try await Self.$mark.withValue(8) { try await owner.watch(data) }
    let epochs = await first.epochs + owner.epochs
    expectEqual(epochs.map(\.trainLoss), expected.epochs.map(\.trainLoss))
    expectEqual(epochs.map(\.validationLoss), expected.epochs.map(\.validationLoss))
    expectEqual(TrainingFixture.bits(owner.model), TrainingFixture.bits(twin))
    expectEqual(marks.withLock { $0 }, [7, 7, 7, 8, 8, 8])
  }

  private final class Counter: Sendable {
    let value = Atomic<Int>(0)

    /// Waits until the value is `goal`, in a test that fails for at most 20 s.
    func wait(for goal: Int) {
      let limit = ContinuousClock.now + .seconds(20)
      while value.load(ordering: .relaxed) < goal, ContinuousClock.now < limit { sched_yield() }
      expectEqual(value.load(ordering: .relaxed), goal)
    }
  }

  /// More trainings than the cooperative pool has threads, of which each waits for all others.
  @Test func eachTrainingHasAThreadOfItsOwn() async throws {
    let count = sysconf(Int32(_SC_NPROCESSORS_ONLN)) + 2, arrived = Counter()
    let trainings = (0..<count).map { _ in
      let waiting = Recorder { _ in
        arrived.value.add(1, ordering: .relaxed)
        arrived.wait(for: count)
      }
      return TrainingFixture.trainer(TrainingFixture.model(), callbacks: [waiting])
        .training(data, epochs: 1, batchSize: 30)
    }
    for training in trainings { for try await _ in training {} }
  }

  @Test func cancellingTheCallersTaskEndsTheBackground() async throws {
    let box = Mutex<Task<History, any Error>?>(nil), data = data
    let task = Task {
      let canceller = Recorder { step in
        guard step.step == 4 else { return }
        while box.withLock({ $0 }) == nil { sched_yield() }
        box.withLock { $0?.cancel() }
        // The caller's task may not have begun to wait yet; it hands the cancellation on when it does.
        let limit = ContinuousClock.now + .seconds(20)
        while !Task.isCancelled, ContinuousClock.now < limit { sched_yield() }
      }
      let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [canceller])
      return try await trainer.fitInBackground(data, epochs: 100, batchSize: 10)
    }
    box.withLock { $0 = task }
    let history = try await task.value
    expectTrue(history.steps == 4 && history.interrupted == StopSignal.interrupt)
  }

  @Test func eventsAreThoseOfTheCallbacksAndEndWithTheHistoryOrTheError() async throws {
    let recorder = Recorder()
    let trainer = TrainingFixture.trainer(TrainingFixture.model(), callbacks: [recorder])
    var events: [TrainingEvent] = []
    for try await event in trainer.training(data, validation: data, epochs: 2, batchSize: 10) { events.append(event) }
    var expected = recorder.plans.map { TrainingEvent.begin($0) }
    for step in recorder.steps {
      expected.append(.step(step))
      expected += recorder.epochs.filter { $0.steps == step.step }.map { .epoch($0) }
    }
    expectEqual(events, expected + recorder.ends.map { .end($0) })
    expectEqual(events.count, 10)

    events = []
    let failing = TrainingFixture.trainer(TrainingFixture.model(), learningRate: 1e38)
    let error = await #expect(throws: MoultError.self) {
      for try await event in failing.training(data, epochs: 3, batchSize: 10) { events.append(event) }
    }
    expectEqual(error?.code, .diverged)
    guard case .end(let history) = events.last else { throw MoultError(.failure, "no end in \(events)") }
    expectEqual(history.steps, events.count - 2)
  }

  @Test func leavingTheLoopEndsTraining() async throws {
    let (ends, end) = AsyncStream.makeStream(of: History.self)
    let left = Counter()
    let trainer = TrainingFixture.trainer(
      TrainingFixture.model(),
      callbacks: [
        .onStepEnd { step in if step.step == 4 { left.wait(for: 1) } }, .onTrainEnd { end.yield($0) },
      ])
    for try await event in trainer.training(data, epochs: 50, batchSize: 10) {
      if case .epoch = event { break }
    }
    left.value.add(1, ordering: .relaxed)
    var iterator = ends.makeAsyncIterator()
    let history = try await unwrapped(iterator.next())
    expectTrue(history.interrupted == StopSignal.interrupt && history.steps == 4)
  }

  @Test func aTrainerThatTrainsIsNotTrainedAgain() throws {
    final class Owner { var trainer: Trainer<TinyNetwork>? }
    let owner = Owner(), data = data
    var errors: [MoultError] = []
    let trainer = TrainingFixture.trainer(
      TrainingFixture.model(),
      callbacks: [
        .onStepEnd { step in
          guard step.step == 1, let trainer = owner.trainer else { return }
          try errors.append(moultError { try trainer.fit(data, epochs: 1, batchSize: 10) })
          try errors.append(moultError { _ = try LearningRateFinder().run(trainer, data, batchSize: 10) })
        }
      ])
    owner.trainer = trainer
    try trainer.fit(data, epochs: 1, batchSize: 10)
    owner.trainer = nil
    expectTrue(errors.count == 2 && errors.allSatisfy { $0.code == .usage && $0.message.contains("training already") })
    try expectEqual(trainer.fit(data, epochs: 1, batchSize: 10).last?.epoch, 2, "at rest it can be trained again")
  }
}
