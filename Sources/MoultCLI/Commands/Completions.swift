import ArgumentParser
import Moult

/// The command `moult completions`: prints a shell script that completes verbs, options and files.
struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints a script that lets a shell complete verbs, options and files.",
    discussion: """
      Save it where the shell looks for such scripts, and start a new shell:

        moult completions bash > ~/.local/share/bash-completion/completions/moult
        moult completions zsh > ~/.zfunc/_moult
        moult completions fish > ~/.config/fish/completions/moult.fish

      For zsh, ~/.zfunc must be in fpath before compinit runs. In bash this does for the shell at hand:

        source <(moult completions bash)
      """)

  /// A shell for which there is a completion script.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    var completionShell: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  @Argument(help: "The shell: bash, zsh or fish.")
  var shell: Shell

  func run() throws {
    let script = MoultTool.completionScript(for: shell.completionShell)
    try Console.part(script.hasSuffix("\n") ? script : script + "\n")
  }
}
