import Moult

extension TrainingJob {
  /// Reads the data and adds the defaults to the overrides.
  init(_ overrides: TrainingOptions, common: CommonOptions) throws(MoultError) {
    let data = try DataSource(overrides.data ?? DataSource.digits.name).trainingData(overrides, common: common)
    try self.init(overrides, data: data, common: common)
  }

  /// Adds the defaults to the overrides for data that were read already.
  init(_ overrides: TrainingOptions, data: TrainingData, common: CommonOptions) throws(MoultError) {
    let settings = try RunSettings(overrides, data: data)
    try self.init(
      data: try data.holdingOut(
        settings.values.settings.validationFraction ?? 0, seed: settings[\.settings.splitSeed]), settings: settings,
      common: common)
  }
}
