import ArgumentParser
import Moult

/// The settings of a run that replace defaults. They are options of all verbs that train, and are also read from files
/// and from `--set`.
///
/// A property is nil if the default applies. `Setting.all` lists all settings.
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

  /// The value of the option `--seed`, which `CommonOptions` declares for every verb; nil if it is not set.
  var seed: UInt64?

  /// Throws a validation error for an option whose value is out of range. The verb's `validate` calls it.
  func check(_ common: CommonOptions) throws {
    let options = with(common)
    for setting in Setting.all {
      if let text = setting.validationError(options) { throw ValidationError("--\(setting.option): \(text)") }
    }
  }

  /// Returns the name of the first option that is set on the command line; nil if none is.
  func firstOption(_ common: CommonOptions) -> String? {
    if settings.config != nil { return "--config" }
    if !settings.assignments.isEmpty { return "--set" }
    let options = with(common)
    return Setting.all.first { $0.isSet(options) }.map { $0.key == "data.source" ? "DATA" : "--\($0.option)" }
  }

  /// Returns all overrides. Options have priority over `--set`, and `--set` over the file of `--config`.
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
