import Moult

/// The record of the training data in a model file: all that is needed to recognize them and to split them again.
struct DataRecord {
  /// The settings of the data, without their name.
  let settings: TrainingOptions
  /// The fingerprint of the samples and their order in the parts; nil where the data brought a test part.
  let fingerprint: String?
  /// Whether the test part was evaluated during training, and the noise of a number estimated on it.
  let isValidatedOnTest: Bool

  /// The metadata key of the record.
  static let key = "moult.data"
  private static let section = "data.", sourceKey = "data.source"

  /// The record that a run writes into its model file.
  ///
  /// - Parameter fingerprint: That of `data`.
  static func json(_ settings: TrainingOptions, _ data: TrainingData, fingerprint: String) -> JSONOutput {
    let members = Setting.all.filter { $0.key.hasPrefix(section) && $0.key != sourceKey }
      .map { JSONOutput.Member(key: $0.key, value: $0.json(settings)) }
    return [
      "schema": 1, "settings": .object(members),
      "fingerprint": data.isTestSplitOff ? .string(fingerprint) : .null,
      "validated_on_test": .bool(data.isValidatedOnTest),
    ]
  }

  /// The record of a model; nil in files of old versions.
  ///
  /// - Throws: `.badData` for text that no run writes.
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

  /// The settings, for a table with that delimiter if there is one.
  func settings(delimiter: DelimiterName?) -> TrainingOptions {
    var settings = settings
    if let delimiter { settings.table.delimiter = delimiter }
    return settings
  }

  /// The data with the validation part of training, if its samples are those of training; nil for others.
  func recognized(_ data: TrainingData) throws(MoultError) -> TrainingData? {
    let (fraction, seed) = (settings.settings.validationFraction ?? 0, settings.settings.splitSeed ?? 0)
    guard let fingerprint, let parted = try? data.holdingOut(fraction, seed: seed) else { return nil }
    return try parted.fingerprint() == fingerprint ? parted : nil
  }
}
