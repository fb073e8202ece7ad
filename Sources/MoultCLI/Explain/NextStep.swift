import ArgumentParser

/// What to try after the walk: commands of this very program.
enum NextStep {
  /// The commands, of those verbs that there are.
  static var commands: [String] {
    let verbs = Set(MoultTool.configuration.subcommands.map { $0._commandName })
    return all.filter { verbs.contains($0.verb) }.map { "moult \($0.verb)" + $0.rest }
  }

  private static let all: [(verb: String, rest: String)] = [
    ("train", " --dropout 0"), ("train", " --list-variants"), ("compare", " --help"), ("predict", " --help"),
  ]
}
