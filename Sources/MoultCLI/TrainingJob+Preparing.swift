import Moult

extension TrainingJob {
  /// Reads the data and settles what was left open.
  init(_ given: GivenSettings, common: CommonOptions) throws(MoultError) {
    let source = try DataSource(given.source ?? DataSource.digits.name)
    var problem = try source.problem(given, common: common)
    let settings = try RunSettings(given, source: source.name, problem: problem)
    problem = try problem.holdingOut(settings.validationShare, seed: settings.splitSeed)
    try self.init(problem: problem, settings: settings, common: common)
  }
}
