import Moult
import MoultReport

/// Trains several configurations (arms) with several seeds each. Every training has a run folder in the comparison's
/// folder.
struct Comparison {
  let arms: [ComparisonArm]
  let repeats: Int
  let common: CommonOptions
  private let data: TrainingData
  /// The settings of each arm and each seed.
  private let settings: [[RunSettings]]

  /// Reads the data once, and checks the settings of all runs before the first one starts.
  ///
  /// - Parameters:
  ///   - arms: The configurations to compare.
  ///   - shared: The settings of the data and their split, which are the same for all runs.
  ///   - repeats: The number of seeds for each arm.
  ///   - common: The common options, with the first seed.
  init(
    arms: [ComparisonArm], shared: TrainingOptions, repeats: Int, common: CommonOptions
  ) throws(MoultError) {
    (self.arms, self.repeats, self.common) = (arms, repeats, common)
    let firstSeed = shared.seed ?? 0
    guard firstSeed.addingReportingOverflow(UInt64(repeats - 1)).overflow == false else {
      throw MoultError(.usage, "--seed: expected a seed that leaves room for \(repeats) repeats, got \(firstSeed)")
    }
    var jobs: [[TrainingJob]] = []
    var data: TrainingData?
    for arm in arms {
      var ofArm: [TrainingJob] = []
      for number in 0..<repeats {
        var overrides = arm.overrides
        overrides.settings.validationFraction = shared.settings.validationFraction
        overrides.seed = firstSeed + UInt64(number)
        overrides.settings.splitSeed = shared.settings.splitSeed ?? firstSeed
        let job: TrainingJob
        if let data {
          job = try TrainingJob(overrides, data: data, common: common.quietly)
        } else {
          job = try TrainingJob(overrides, common: common.quietly)
        }
        data = data ?? job.data
        ofArm.append(job)
      }
      jobs.append(ofArm)
    }
    guard let data else { throw MoultError(.usage, "expected something to compare, got nothing") }
    self.data = data
    settings = jobs.map { $0.map(\.settings) }
  }

  /// Runs all trainings, seed by seed, so that after an interruption the finished runs form pairs.
  ///
  /// - Parameters:
  ///   - folder: The folder of the comparison.
  ///   - overwriting: Whether the folder may contain files.
  func run(in folder: RunFolder, overwriting: Bool) throws(MoultError) -> ComparisonSummary {
    let lock = try folder.lock()
    defer { lock.release() }
    if !overwriting { try folder.requireEmpty() }
    common.message("\(settings[0][0][\.data]): \(data.sizes)")
    try folder.removeComparison()
    let stopSignal = Interrupt.install()
    defer { Interrupt.uninstall() }
    var results = zip(arms, settings).map { ArmResult(arm: $0, settings: $1[0]) }
    for number in 0..<repeats {
      for index in arms.indices where results[index].divergence == nil {
        do {
          try train(&results[index], settings[index][number], in: folder, wholeRepeats: number, stopSignal: stopSignal)
        } catch {
          if error.code == .diverged { results[index].divergence = error }
          guard error.code == .diverged, canGoOn(results) else {
            throw MoultError(
              error.code, "\(error.message); the runs so far are in \(folder.path)", location: error.location,
              cause: error.cause)
          }
          common.message("\(error.description); it is left out from here on")
        }
      }
    }
    let summary = ComparisonSummary(target: data.target, arms: results, testCount: data.test.count)
    try AtomicFile.write(Array(summary.json(out: folder.path).indented.utf8), to: folder.comparison)
    var page = ComparisonReport(summary, data: data, source: settings[0][0][\.data])
    page.command = ["moult"] + CommandLine.arguments.dropFirst()
    try folder.write(page: page.html(), charts: page.charts())
    return summary
  }

  /// Trains one arm with one seed, and adds the outcome to its result.
  private func train(
    _ result: inout ArmResult, _ settings: RunSettings, in folder: RunFolder, wholeRepeats: Int, stopSignal: StopSignal
  ) throws(MoultError) {
    let place = try RunFolder(path: "\(folder.path)/\(result.arm.folder)/seed\(settings[\.seed])", overwriting: true)
    let job = try TrainingJob(data: data, settings: settings, common: common.quietly)
    let outcome: TrainingOutcome
    do {
      outcome = try job.train(in: place, stopSignal: stopSignal)
    } catch {
      throw MoultError(
        error.code, "\(result.arm.name), seed \(settings[\.seed]): \(error.message)", location: error.location,
        cause: error.cause)
    }
    if let signal = outcome.history.interrupted {
      throw MoultError(
        .interrupted(signal: signal),
        "interrupted in \(result.arm.name), seed \(settings[\.seed]), after \(wholeRepeats) whole repeats")
    }
    try place.removeCheckpoint()
    result.add(outcome, seed: settings[\.seed], errors: data.errors(of: outcome.model, on: data.test))
    try announce(result, seed: settings[\.seed])
  }

  /// Returns whether a comparison is still possible: the arm without dropout and at least one other have not diverged.
  private func canGoOn(_ results: [ArmResult]) -> Bool {
    results.contains { $0.arm.isBaseline && $0.divergence == nil }
      && results.contains { !$0.arm.isBaseline && $0.divergence == nil }
  }

  private func announce(_ result: ArmResult, seed: UInt64) throws(MoultError) {
    guard let train = result.train.last, let test = result.test.last, let history = result.histories.last else {
      return
    }
    common.message(
      "\(result.arm.name), seed \(seed): \(EvaluationMetrics.text(train: train, test: test)), "
        + "\(NumberFormat.fixed(history.seconds, 1)) s")
    guard common.json else { return }
    try Console.report(
      .object(
        [
          .init(key: "schema", value: 1), .init(key: "event", value: "run"),
          .init(key: "arm", value: .string(result.arm.name)), .init(key: "seed", value: .unsigned(seed)),
        ] + EvaluationMetrics.json(train: train, test: test)))
  }
}

extension ArmResult {
  /// Adds the outcome of another seed.
  mutating func add(_ outcome: TrainingOutcome, seed: UInt64, errors: [Double]) {
    seeds.append(seed)
    histories.append(outcome.history)
    train.append(outcome.train)
    validationLosses.append(outcome.validation.loss)
    test.append(outcome.test)
    self.errors.append(errors)
  }
}
