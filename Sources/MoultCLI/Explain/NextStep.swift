/// What to try after the walk: commands of this very program.
enum NextStep {
  /// The commands.
  static let commands = [
    "moult train --dropout 0", "moult compare --epochs 10 --repeats 3", "moult train --list-variants",
    "moult predict --help",
  ]
}
