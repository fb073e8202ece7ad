import ArgumentParser
import Moult

/// The options for settings from a file or by name, for data and their split, and for showing settings without
/// training.
struct SettingsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take settings from a file: the config.json of a run, or part of one. Options beside it count more.",
      valueName: "file"), completion: .file(extensions: ["json"]))
  var config: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set one setting by its name, as in model.dropout=0.3; may be repeated. --print-config shows the names.",
      valueName: "key=value"))
  var assignments: [String] = []

  @Option(
    name: .customLong("validation-share"),
    help: ArgumentHelp(
      "Fraction of the training samples to hold out for validation. Default: what suits the data; 0 for digits, whose "
        + "test part is evaluated during training, but 0.1 where something is chosen by validation.",
      valueName: "fraction"))
  var validationFraction: Double?

  @Option(
    help: ArgumentHelp("Decides which samples are held out. Default: the seed of the run.", valueName: "seed"))
  var splitSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Bring every image of a folder to this size, each pixel the mean of the area it covers. Default: as they are; then "
        + "all must have one size.", valueName: "WxH"),
    transform: { try PixelSize(option: $0) })
  var imageSize: PixelSize?

  @Flag(help: "Print all settings as JSON, which --config takes, and train nothing.")
  var printConfig = false

  @Flag(help: "Show shapes, parameters, memory and an estimate of the time, and train nothing.")
  var dryRun = false

  /// Whether the network is trained.
  var trains: Bool { !printConfig && !dryRun }

  func validate() throws {
    if printConfig && dryRun { throw ValidationError("--dry-run: expected without --print-config") }
  }
}

extension PixelSize {
  /// Parses the text of an option or a setting, such as `28x28`.
  ///
  /// - Throws: `.usage` for other texts.
  init(option text: String) throws(MoultError) {
    guard let size = PixelSize(text) else {
      throw MoultError(
        .usage, "expected width and height from 1 to \(PixelSize.greatestSide) as in 28x28, got '\(text.visible)'")
    }
    self = size
  }
}
