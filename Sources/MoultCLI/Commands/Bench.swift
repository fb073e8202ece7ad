import ArgumentParser

/// `moult bench`: measures on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how fast this machine trains.",
    subcommands: [BenchStep.self, BenchPredict.self, BenchDropout.self, BenchMatmul.self]
  )
}
