import MoultNN
import MoultPlatform
import MoultTestSupport
import Testing

@Suite struct ScheduleTests {
  private func rates(_ schedule: some Schedule, _ steps: [Int] = [0, 1, 2, 3, 4, 5, 1_000]) -> [Double] {
    steps.map { schedule.value(at: $0) }
  }

  @Test func constant() { expectEqual(rates(ConstantSchedule(0.3)), Array(repeating: 0.3, count: 7)) }

  @Test func linear() {
    expectEqual(rates(LinearSchedule(from: 0, to: 0.5, over: 4)), [0, 0.125, 0.25, 0.375, 0.5, 0.5, 0.5])
    expectEqual(rates(LinearSchedule(from: 0.8, to: 0.4, over: 1)), [0.8, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4])
  }

  @available(*, deprecated) @Test func cosineOfTheFirstVersion() {
    let expected = [0.5, 0.5 * (2 + 2.0.squareRoot()) / 4, 0.25, 0.5 * (2 - 2.0.squareRoot()) / 4, 0, 0, 0]
    for (got, wanted) in zip(rates(CosineRate(from: 0.5, to: 0, over: 4)), expected) {
      expectLess(abs(got - wanted), 1e-15)
    }
    expectEqual(CosineRate(from: 0.1, to: 0.7, over: 4).value(at: 4), 0.7)
    expectEqual(CosineRate(from: 0.1, to: 0.7, over: 4).value(at: 0), 0.1)
  }

  @Test func early() {
    expectEqual(rates(EarlyRate(0.4, for: 4)), [0.4, 0.4 * 0.75, 0.2, 0.1, 0, 0, 0])
    expectEqual(rates(EarlyRate(0.4, for: 4, isFalling: false)), [0.4, 0.4, 0.4, 0.4, 0, 0, 0])
  }

  @Test func late() {
    expectEqual(rates(LateRate(0.4, after: 3)), [0, 0, 0, 0.4, 0.4, 0.4, 0.4])
    expectEqual(LateRate(0.4, after: 0).value(at: 0), 0.4)
  }

  /// The paper writes the keep probability: (1 - k) · e^(-γ t) + k with γ = 10 / T.
  @Test func curriculum() {
    let schedule = CurriculumRate(0.3, over: 200)
    for step in [0, 1, 20, 199, 200, 5_000] {
      let keep = 0.3 * exp(-10.0 / 200 * Double(step)) + 0.7
      expectLess(abs(schedule.value(at: step) - (1 - keep)), 1e-15)
    }
    expectEqual(schedule.value(at: 0), 0)
  }

  /// Whatever the rounding, a layer must take what a schedule gives.
  @Test func ratesNeverLeaveZeroToOne() {
    let ends = combinations([0, 1e-300, 0.1, 0.7, 1], [0, 0.3, 0.9, 1])
    for (start, end) in ends {
      for steps in [1, 3, 7, 1_000_003] {
        let schedules: [any Schedule] = [
          ConstantSchedule(end), LinearSchedule(from: start, to: end, over: steps),
          CosineSchedule(start, to: end, over: steps),
          EarlyRate(end, for: steps), LateRate(end, after: steps), CurriculumRate(end, over: steps),
        ]
        for schedule in schedules {
          for step in [-1, 0, 1, 2, steps / 2, steps - 1, steps, .max] {
            expectTrue((0...1).contains(schedule.value(at: step)), "\(schedule) at \(step)")
          }
        }
      }
    }
  }

  @Test func whatIsNoRateIsRefused() async {
    let linear = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      ScheduledRates(Dropout(0.5), LinearSchedule(from: 0, to: 1.5, over: 10)).apply(at: 10)
    }
    expectTrue(message(linear).contains("Dropout: expected a rate in 0...1, got 1.5"))
    let steps = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CurriculumRate(0.5, over: 0)
    }
    expectTrue(message(steps).contains("CurriculumRate: expected at least 1 step, got 0"))
  }
}
