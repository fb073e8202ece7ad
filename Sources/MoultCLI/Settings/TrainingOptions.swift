import ArgumentParser
import Moult

/// What is trained and how: the options of every verb that trains.
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
    completion: .list(DropoutVariant.all.map(\.name)), transform: { try DropoutVariant(named: $0) })
  var variant: DropoutVariant?

  @OptionGroup(title: "Tables") var table: TableChoices
  @OptionGroup(title: "Settings") var settings: SettingsOptions

  /// Throws where an option has a value that it cannot have. The verb's `validate` calls it.
  func check(_ common: CommonOptions) throws {
    let options = options(common)
    for setting in Setting.all {
      if let objection = setting.objection(options) { throw ValidationError("--\(setting.option): \(objection)") }
    }
  }

  /// The first option that was given, in words; nil without one.
  func firstGiven(_ common: CommonOptions) -> String? {
    if settings.config != nil { return "--config" }
    if !settings.assignments.isEmpty { return "--set" }
    let options = options(common)
    return Setting.all.first { $0.isGiven(options) }.map { $0.key == "data.source" ? "DATA" : "--\($0.option)" }
  }

  /// All that was given: in a file, with `--set` and as options.
  func given(_ common: CommonOptions) throws(MoultError) -> GivenSettings {
    try settings.given(with: options(common))
  }

  /// What the options give.
  private func options(_ common: CommonOptions) -> GivenSettings {
    var given = recipe.given
    (given.source, given.validationShare, given.splitSeed) = (data, settings.validationShare, settings.splitSeed)
    (given.layers, given.dropout, given.inputDropout) = (network.model, network.givenDropout, network.givenInputDropout)
    given.imageSize = settings.imageSize
    table.add(to: &given)
    (given.variant, given.seed) = (variant, common.givenSeed)
    return given
  }
}
