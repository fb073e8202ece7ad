import ArgumentParser
import Moult

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The command-line tool: finds the verb, runs it, and turns what it throws into a message and an exit code.
@main
struct MoultTool: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "moult",
    abstract: "Trains neural networks with dropout, reproducibly, and looks into what came out.",
    discussion: """
      Start with the bundled handwritten digits; no download is needed:

        moult explain                  what dropout does, step by step
        moult train                    the network with dropout, about 96 % right
        moult train --dropout 0        the same without, to see the difference
        moult train --list-variants    the whole family; --variant NAME trains with one
        moult inspect runs/NAME/model.safetensors
        moult doctor runs/NAME         what goes wrong with dropout in it
        moult reproduce                experiments of papers, beside their figures

      Results and JSON go to standard output, progress and messages to standard error. With --json every result is one \
      JSON object per line with a "schema" field.

      Exit codes: 0 done, 1 failure (or the doctor found something), 3 training diverged, 64 wrong usage, 65 bad data, 66 no such input, 74 cannot \
      write, 130 and 143 interrupted (after saving).

      Environment: MOULT_THREADS (threads, as --threads), MOULT_CACHE (where downloads go), MOULT_ISA (portable, avx2, \
      avx512: lowers the instruction set), NO_COLOR.
      """,
    version: version,
    subcommands: [
      Train.self, Compare.self, Predict.self, Evaluate.self, Explain.self, Doctor.self, Mask.self, Inspect.self,
      Info.self,
      DataVerb.self, Reproduce.self, Bench.self,
    ]
  )

  static func main() {
    do {
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

/// Ends the process. A function of its own because a command's `exit(withError:)` hides the system's `exit`.
private func terminate(_ code: Int32) -> Never {
  exit(code)
}
