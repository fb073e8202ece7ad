/// The commands to try after the walk.
enum NextStep {
  /// The commands.
  static let commands = [
    "moult train --dropout 0", "moult compare --epochs 10 --repeats 3", "moult train --list-variants",
    "moult predict --help",
  ]
}
