import ArgumentParser
import Moult

/// The options of every verb.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .customLong("seed"),
    help: "Decides weights, masks and the order of samples: 0 to 18446744073709551615. Default: 0.")
  var seedOption: UInt64?

  var seed: UInt64 { seedOption ?? 0 }

  @Option(
    help: ArgumentHelp(
      "Threads to use; results are the same for any number. Default: MOULT_THREADS, or the machine's cores.",
      valueName: "count"))
  var threads: Int?

  @Flag(help: "Print no progress and no messages but errors.")
  var quiet = false

  @Flag(help: "Send no escape sequences, as with NO_COLOR.")
  var noColor = false

  @Flag(help: "Print results as JSON, one object per line.")
  var json = false

  /// The valid numbers of threads.
  static let threadLimits = 1...256
  /// The valid values of MOULT_ISA.
  private static let instructionSets = ["portable", "avx2", "avx512"]

  func validate() throws {
    try validateEnvironment()
    if let threads, !Self.threadLimits.contains(threads) {
      throw ValidationError(
        "--threads: expected \(Self.threadLimits.lowerBound) to \(Self.threadLimits.upperBound), got \(threads)")
    }
  }

  /// Throws for invalid environment variables. The library ignores these, but in the tool they are probably mistakes.
  private func validateEnvironment() throws {
    func value(_ name: String) -> String? {
      CacheDirectory.environmentVariable(name).flatMap { $0.isEmpty ? nil : $0 }
    }
    if let text = value("MOULT_THREADS"), !(Int(text).map(Self.threadLimits.contains) ?? false) {
      throw ValidationError(
        "MOULT_THREADS: expected \(Self.threadLimits.lowerBound) to \(Self.threadLimits.upperBound), "
          + "got '\(text.visible)'")
    }
    if let text = value("MOULT_ISA"), !Self.instructionSets.contains(text) {
      throw ValidationError("MOULT_ISA: expected portable, avx2 or avx512, got '\(text.visible)'")
    }
  }

  /// Sets the number of threads and the seed of the process. Every verb calls this first.
  func apply() {
    if let threads { setThreadCount(threads) }
    setSeed(seed)
  }

  /// These options without progress, messages and events, for a part of a larger job.
  var quietly: CommonOptions {
    var options = self
    (options.quiet, options.json) = (true, false)
    return options
  }

  /// Writes a message to standard error, unless `--quiet` is set.
  func message(_ line: String) {
    if !quiet { Console.message(line) }
  }
}

/// Throws a validation error unless `holds` is true. The message has the option, the expected values and the value.
func expect(
  _ holds: Bool, _ option: String, _ expected: String, got value: some CustomStringConvertible, hint: String? = nil
) throws {
  if !holds {
    throw ValidationError("--\(option): expected \(expected), got \(value)" + (hint.map { "; \($0)" } ?? ""))
  }
}
