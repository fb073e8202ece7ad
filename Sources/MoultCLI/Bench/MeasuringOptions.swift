import ArgumentParser
import Moult

/// The options for the duration of a benchmark.
struct MeasuringOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How long to measure.", valueName: "seconds"))
  var seconds = 2.0

  @Option(help: ArgumentHelp("What to time so many times, instead of --seconds.", valueName: "count"))
  var repetitions: Int?

  /// The number of runs before the measurement, which fill the memory pool and start the threads.
  private static let warmUps = 10
  /// The smallest number of runs for a meaningful median.
  private static let fewestRepetitions = 5

  func validate() throws {
    try expect(seconds > 0 && seconds <= 3_600, "seconds", "more than 0 and at most 3600", got: seconds)
    if let repetitions {
      try expect(
        (Self.fewestRepetitions...10_000_000).contains(repetitions), "repetitions", "5 to 10000000", got: repetitions)
    }
  }

  /// Measures the time of `body`.
  ///
  /// - Parameters:
  ///   - body: The code to measure. It gets the number of the run, which is negative during warm-up.
  ///   - after: Called after each run with its number and its time in microseconds; not measured.
  func measure(_ body: (Int) -> Void, after: (Int, Double) -> Void = { _, _ in }) -> Timings {
    let times = runs { run in
      let time = Self.time { body(run) }
      after(run, time)
      return [time]
    }
    return Timings(microseconds: times[0])
  }

  /// Repeats `body`, which returns the time to count, in microseconds.
  func measure(_ body: () -> Double) -> Timings { Timings(microseconds: runs { _ in [body()] }[0]) }

  /// Measures two functions alternately, so that changes of the machine's load affect both.
  func measure(_ first: () -> Void, against second: () -> Void) -> (Timings, Timings) {
    let times = runs { _ in [Self.time(first), Self.time(second)] }
    return (Timings(microseconds: times[0]), Timings(microseconds: times[1]))
  }

  /// Repeats `run` and collects its results: one array for each element of the returned array.
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

/// The times of a benchmark's runs, in microseconds.
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

  /// The last members of the JSON of every benchmark.
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

  /// The middle part of every benchmark's text output: `2 threads: median 12.0 µs, fastest 11.0 µs`.
  var text: String {
    "\(threadCount) thread\(threadCount == 1 ? "" : "s"): median \(NumberFormat.fixed(median, 1)) µs, "
      + "fastest \(NumberFormat.fixed(fastest, 1)) µs"
  }
}

extension Tensor {
  /// Computes the values. A layer computes its result only when it is read, so a result that is not read would take no
  /// time.
  func look() { withContiguousBytes { _ in } }
}

extension JSONOutput {
  /// Returns a number rounded to three decimals.
  static func rounded(_ value: Double) -> JSONOutput { .number((value * 1_000).rounded() / 1_000) }

  /// Returns the JSON result of a benchmark: its name, the settings, the timings and other members.
  static func bench(_ benchmark: String, _ members: [Member], _ timings: Timings, _ rest: [Member] = []) -> JSONOutput {
    .object(
      [
        .init(key: "schema", value: 1), .init(key: "event", value: "bench"),
        .init(key: "benchmark", value: .string(benchmark)),
      ] + members + timings.members + rest)
  }
}
