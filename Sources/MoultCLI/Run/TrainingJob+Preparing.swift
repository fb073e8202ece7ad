import Moult

extension TrainingJob {
  /// Reads the data and settles what was left open.
  init(_ given: GivenSettings, common: CommonOptions) throws(MoultError) {
    let problem = try DataSource(given.source ?? DataSource.digits.name).problem(given, common: common)
    try self.init(given, problem: problem, common: common)
  }

  /// Settles what was left open for a problem that was read already.
  init(_ given: GivenSettings, problem: LearningProblem, common: CommonOptions) throws(MoultError) {
    let settings = try RunSettings(
      given, source: given.source ?? DataSource.digits.name, problem: problem)
    try self.init(
      problem: try problem.holdingOut(settings.validationShare ?? 0, seed: settings.splitSeed), settings: settings,
      common: common)
  }
}
