import ArgumentParser

/// The command `moult bench`: measures the speed of training and prediction on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how fast this machine trains.",
    subcommands: [BenchStep.self, BenchPredict.self, BenchDropout.self, BenchMatmul.self]
  )
}
