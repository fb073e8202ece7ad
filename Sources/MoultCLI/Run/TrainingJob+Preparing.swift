import Moult

extension TrainingJob {
  /// Creates a job: reads the data and adds the default settings to the overrides.
  init(_ overrides: TrainingOptions, common: CommonOptions) throws(MoultError) {
    let data = try DataSource(overrides.data ?? DataSource.digits.name).trainingData(overrides, common: common)
    try self.init(overrides, data: data, common: common)
  }

  /// Creates a job for data that are already read: adds the default settings to the overrides.
  init(_ overrides: TrainingOptions, data: TrainingData, common: CommonOptions) throws(MoultError) {
    let settings = try RunSettings(overrides, data: data)
    try self.init(
      data: try data.holdingOut(
        settings.values.settings.validationFraction ?? 0, seed: settings[\.settings.splitSeed]), settings: settings,
      common: common)
  }
}
