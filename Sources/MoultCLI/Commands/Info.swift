import ArgumentParser
import Moult
import MoultPlatform

/// The command `moult info`: prints the version, the system, the number of threads, the instruction set, and the
/// promises about masks, weights and rates.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows version, machine, chosen instruction set and promises.",
    discussion: """
      The instruction set is chosen at run time; MOULT_ISA lowers it, to compare or to look for a fault:

        moult info
        MOULT_ISA=portable moult info --json
      """)

  @OptionGroup var common: CommonOptions

  static let promises = [
    "a dropped unit is a pure function of seed, layer, call, step, sample and unit",
    "masks are the same on every machine, weights for any number of threads",
    "rates are exact to 2^-64, and always mean the probability of dropping",
  ]

  func run() throws {
    common.apply()
    let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    if common.json {
      return try Console.result(
        [
          "schema": 1, "event": "info", "version": .string(ToolVersion.text), "system": .string(Self.system),
          "architecture": .string(Self.architecture), "cores": .integer(cores), "threads": .integer(threadCount),
          "instruction_set": .string(Kernels.instructionSet), "promises": .array(Self.promises.map { .string($0) }),
        ])
    }
    try Console.result("moult            \(ToolVersion.text)")
    try Console.result("system           \(Self.system), \(Self.architecture)")
    try Console.result("cores            \(cores)")
    try Console.result("threads          \(threadCount)")
    try Console.result("instruction set  \(Kernels.instructionSet)")
    for (index, promise) in Self.promises.enumerated() {
      try Console.result((index == 0 ? "promises" : "").rightPadded(to: 17) + promise)
    }
  }

  private static var system: String {
    #if os(Linux)
      "Linux"
    #elseif os(macOS)
      "macOS"
    #else
      "unknown"
    #endif
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }
}
