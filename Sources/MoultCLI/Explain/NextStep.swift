/// The commands that `moult explain` suggests at the end.
enum NextStep {
  /// The commands, as typed in a shell.
  static let commands = [
    "moult train --dropout 0", "moult compare --epochs 10 --repeats 3", "moult train --list-variants",
    "moult predict --help",
  ]
}
