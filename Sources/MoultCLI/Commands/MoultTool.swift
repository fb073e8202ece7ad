import ArgumentParser
import Moult
import MoultPlatform

/// The command-line tool: runs the verb, and turns errors into a message and an exit code.
@main
struct MoultTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moult",
    abstract: "Trains neural networks with dropout, reproducibly, and looks into what came out.",
    discussion: GeneralHelp.discussion,
    version: ToolVersion.text,
    subcommands: [
      Train.self, Compare.self, Predict.self, Evaluate.self, Explain.self, Doctor.self, Mask.self, Inspect.self,
      Info.self, DataVerb.self, Reproduce.self, Bench.self, Completions.self, Man.self,
    ]
  )

  static func main() {
    StandardStream.openClosedOnes()
    do {
      try checkVerb(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      try command.run()
    } catch let error as MoultError {
      Console.message(Console.text(of: error))
      terminate(error.exitCode)
    } catch {
      exit(withError: error)
    }
  }
}

extension MoultTool {
  /// Throws `.usage` if the first word is not a known verb. The argument parser would not suggest similar verbs.
  private static func checkVerb(_ word: String?) throws(MoultError) {
    let verbs = configuration.subcommands.compactMap { $0._commandName } + ["help"]
    guard let word, !word.hasPrefix("-"), !verbs.contains(word) else { return }
    throw MoultError(
      .usage, "expected a verb, got '\(word.visible)'; \(nearHint(word, among: verbs))'moult --help' shows all")
  }
}

/// Ends the process. A separate function, because a command's `exit(withError:)` hides the system's `exit`.
private func terminate(_ code: Int32) -> Never {
  exit(code)
}
