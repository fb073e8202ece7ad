import Moult

/// The record of the training data in a model file, with which the same data can be recognized and split again.
struct DataRecord {
  /// The settings of the data, without the name of the data.
  let settings: TrainingOptions
  /// The hash of the samples and their split; nil if the data came with a test part.
  let fingerprint: String?
  /// Whether the test part was used as validation part during training, and for the noise estimate of a regression.
  let isValidatedOnTest: Bool

  /// The metadata key under which the record is stored.
  static let key = "moult.data"
  private static let section = "data.", sourceKey = "data.source"

  /// Returns the record that a run writes into its model file.
  ///
  /// - Parameters:
  ///   - settings: The settings of the run.
  ///   - data: The data of the run.
  ///   - fingerprint: The hash of `data`.
  static func json(_ settings: TrainingOptions, _ data: TrainingData, fingerprint: String) -> JSONOutput {
    let members = Setting.all.filter { $0.key.hasPrefix(section) && $0.key != sourceKey }
      .map { JSONOutput.Member(key: $0.key, value: $0.json(settings)) }
    return [
      "schema": 1, "settings": .object(members),
      "fingerprint": data.isTestSplitOff ? .string(fingerprint) : .null,
      "validated_on_test": .bool(data.isValidatedOnTest),
    ]
  }

  /// Reads the record of a model; nil in files of old versions.
  ///
  /// - Throws: `.badData` if the record is invalid.
  init?(_ model: ModelDescription) throws(MoultError) {
    guard let text = model.metadata[Self.key] else { return nil }
    guard case .object(let members) = JSONValue(text), case .object(let values) = members["settings"],
      case .bool(let isValidatedOnTest) = members["validated_on_test"]
    else { throw ModelDescription.damaged("the settings of the data", model.path) }
    var settings = TrainingOptions.none
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      try settings.take(value, for: key, .badData, place: model.path)
    }
    self.settings = settings
    self.isValidatedOnTest = isValidatedOnTest
    fingerprint = if case .string(let digits) = members["fingerprint"] { digits } else { nil }
  }

  /// Returns the settings, with another table delimiter if one is specified.
  func settings(delimiter: DelimiterName?) -> TrainingOptions {
    var settings = settings
    if let delimiter { settings.table.delimiter = delimiter }
    return settings
  }

  /// Returns the data with the validation part split off as in training, if they are the training data; nil otherwise.
  func recognized(_ data: TrainingData) throws(MoultError) -> TrainingData? {
    let (fraction, seed) = (settings.settings.validationFraction ?? 0, settings.settings.splitSeed ?? 0)
    guard let fingerprint, let parted = try? data.holdingOut(fraction, seed: seed) else { return nil }
    return try parted.fingerprint() == fingerprint ? parted : nil
  }
}
