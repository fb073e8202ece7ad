import Moult

extension TrainingJob {
  /// Reads the data and settles what was left open.
  init(_ given: GivenSettings, common: CommonOptions) throws(MoultError) {
    let source = try DataSource(given.source ?? DataSource.digits.name)
    var problem = try source.problem(common: common)
    let settings = try RunSettings(
      given, source: source.name, recipe: problem.recipe, inputSize: problem.inputSize, outputSize: problem.outputSize)
    problem = try problem.holdingOut(settings.validationShare, seed: settings.splitSeed)
    try self.init(problem: problem, settings: settings, common: common)
  }
}
