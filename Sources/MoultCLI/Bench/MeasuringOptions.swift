import ArgumentParser
import Moult

/// How long a benchmark measures.
struct MeasuringOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How long to measure.", valueName: "seconds"))
  var seconds = 2.0

  @Option(help: ArgumentHelp("What to time so many times, instead of --seconds.", valueName: "count"))
  var repetitions: Int?

  /// Runs before the clock counts: memory is pooled and threads are awake by then.
  private static let warmUps = 10
  /// A median of fewer is no median.
  private static let fewestRepetitions = 5

  func validate() throws {
    try expect(seconds > 0 && seconds <= 3_600, "seconds", "more than 0 and at most 3600", got: seconds)
    if let repetitions {
      try expect(
        (Self.fewestRepetitions...10_000_000).contains(repetitions), "repetitions", "5 to 10000000", got: repetitions)
    }
  }

  /// Times `body`, which gets the number of the run, negative ones while it warms up. `after` gets that number and the
  /// time, in microseconds, once the clock has stopped.
  func measure(_ body: (Int) -> Void, after: (Int, Double) -> Void = { _, _ in }) -> Timings {
    let times = runs { run in
      let time = Self.time { body(run) }
      after(run, time)
      return [time]
    }
    return Timings(microseconds: times[0])
  }

  /// Repeats `body`, which says how many microseconds of it count.
  func measure(_ body: () -> Double) -> Timings { Timings(microseconds: runs { _ in [body()] }[0]) }

  /// Times two things by turns, so that whatever else the machine does meets both.
  func measure(_ first: () -> Void, against second: () -> Void) -> (Timings, Timings) {
    let times = runs { _ in [Self.time(first), Self.time(second)] }
    return (Timings(microseconds: times[0]), Timings(microseconds: times[1]))
  }

  /// Repeats `run` and gathers what it returns, first by first, second by second.
  private func runs(_ run: (Int) -> [Double]) -> [[Double]] {
    var times: [[Double]] = []
    for number in -Self.warmUps..<0 { times = run(number).map { _ in [] } }
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var count = 0
    while repetitions.map({ count < $0 }) ?? (count < Self.fewestRepetitions || clock.now < end) {
      for (index, time) in run(count).enumerated() { times[index].append(time) }
      count += 1
    }
    return times
  }

  private static func time(_ body: () -> Void) -> Double {
    ContinuousClock().measure(body) / .microseconds(1)
  }
}

/// The times of a benchmark's runs.
struct Timings {
  let median, mean, fastest: Double
  let count: Int

  init(microseconds times: [Double]) {
    let sorted = times.sorted()
    median = sorted.median
    mean = sorted.reduce(0, +) / Double(sorted.count)
    fastest = sorted.first ?? .nan
    count = sorted.count
  }

  /// The last members of every benchmark's JSON.
  var members: [JSONOutput.Member] {
    [
      .init(key: "threads", value: .integer(threadCount)),
      .init(key: "instruction_set", value: .string(Kernels.instructionSet)),
      .init(key: "microseconds_median", value: .rounded(median)),
      .init(key: "microseconds_mean", value: .rounded(mean)),
      .init(key: "microseconds_min", value: .rounded(fastest)),
      .init(key: "repetitions", value: .integer(count)),
    ]
  }

  /// The middle of every benchmark's line for people: `2 threads: median 12.0 µs, fastest 11.0 µs`.
  var text: String {
    "\(threadCount) thread\(threadCount == 1 ? "" : "s"): median \(NumberFormat.fixed(median, 1)) µs, "
      + "fastest \(NumberFormat.fixed(fastest, 1)) µs"
  }
}

extension Tensor {
  /// Makes sure that the numbers are there: a layer computes its result when somebody looks, and what nobody looks at
  /// takes no time.
  func look() { withContiguousBytes { _ in } }
}

extension JSONOutput {
  /// The value rounded to three decimals.
  static func rounded(_ value: Double) -> JSONOutput { .number((value * 1_000).rounded() / 1_000) }

  /// The result of a benchmark: its name, what was measured, and then what the timings say.
  static func bench(_ benchmark: String, _ members: [Member], _ timings: Timings, _ rest: [Member] = []) -> JSONOutput {
    .object(
      [
        .init(key: "schema", value: 1), .init(key: "event", value: "bench"),
        .init(key: "benchmark", value: .string(benchmark)),
      ] + members + timings.members + rest)
  }
}
