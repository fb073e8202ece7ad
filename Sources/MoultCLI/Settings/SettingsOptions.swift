import ArgumentParser
import Moult

/// Settings from a file and by name, and a look at them without training.
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
    help: ArgumentHelp(
      "Share of the training samples to hold out for validation. Default: what suits the data; 0 for digits, whose test "
        + "part is looked at during training, but 0.1 where something is chosen by validation.", valueName: "share"))
  var validationShare: Double?

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

  /// Whether a run is to be made.
  var isForReal: Bool { !printConfig && !dryRun }

  func validate() throws {
    if printConfig && dryRun { throw ValidationError("--dry-run: expected without --print-config") }
  }

  /// The file's settings, those of `--set` over them, and those of options over both.
  func given(with options: GivenSettings) throws(MoultError) -> GivenSettings {
    var given = GivenSettings()
    if let config { given = try ConfigurationFile.read(config) }
    var assigned = GivenSettings()
    for text in assignments { try assigned.take(assignment: text) }
    assigned.add(options)
    given.override(by: assigned)
    return given
  }
}

extension PixelSize {
  /// Parses what an option or a setting says.
  init(option text: String) throws(MoultError) {
    guard let size = PixelSize(text) else {
      throw MoultError(
        .usage, "expected width and height from 1 to \(PixelSize.greatestSide) as in 28x28, got '\(text.visible)'")
    }
    self = size
  }
}
