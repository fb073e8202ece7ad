import ArgumentParser
import Moult

/// The settings of a run as overrides: as options of every verb that trains, read from a file or taken from `--set`.
///
/// A property is nil where the default holds. `Setting.all` names each one.
struct TrainingOptions: ParsableArguments {
  @Argument(
    help: "digits, mnist, a table (CSV, .gz or not), a .npz file, or a folder of IDX files or images. Default: digits.",
    completion: .file())
  var data: String?

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Recipe") var recipe: RecipeOptions

  @Option(
    help: ArgumentHelp(
      "Member of the dropout family to train with; --dropout then is its rate, by default one that suits it.",
      valueName: "name"),
    completion: .list(DropoutVariant.all.map(\.name)), transform: { try DropoutVariant.option($0) })
  var variant: DropoutVariant?

  @OptionGroup(title: "Tables") var table: TableChoices
  @OptionGroup(title: "Settings") var settings: SettingsOptions

  /// The option `--seed`, which `CommonOptions` declares for every verb.
  var seed: UInt64?

  /// Throws for an option with a value that is out of range. The verb's `validate` calls it.
  func check(_ common: CommonOptions) throws {
    let options = with(common)
    for setting in Setting.all {
      if let text = setting.validationError(options) { throw ValidationError("--\(setting.option): \(text)") }
    }
  }

  /// The name of the first option on the command line; nil without one.
  func firstOption(_ common: CommonOptions) -> String? {
    if settings.config != nil { return "--config" }
    if !settings.assignments.isEmpty { return "--set" }
    let options = with(common)
    return Setting.all.first { $0.isSet(options) }.map { $0.key == "data.source" ? "DATA" : "--\($0.option)" }
  }

  /// All overrides: those of the file, those of `--set` over them, and the options over both.
  func overrides(_ common: CommonOptions) throws(MoultError) -> TrainingOptions {
    var overrides = settings.config == nil ? .none : try ConfigurationFile.read(settings.config ?? "")
    var assigned = TrainingOptions.none
    for text in settings.assignments { try assigned.take(assignment: text) }
    assigned.add(with(common))
    overrides.override(by: assigned)
    return overrides
  }

  private func with(_ common: CommonOptions) -> TrainingOptions {
    var options = self
    options.seed = common.seedOption
    return options
  }
}
