import Moult

/// What the file of a model says about the data of its training: all that is needed to tell them again, and to split them
/// as they were.
struct DataRecord {
  /// The settings of the data, without their name.
  let given: GivenSettings
  /// Of the samples and their order in the parts; nil where the data brought a test part of their own.
  let fingerprint: String?
  /// Whether the network was looked at by its test part during training, and the noise of a quantity estimated on it.
  let isValidatedOnTest: Bool

  private static let section = "data.", sourceKey = "data.source"

  /// What a run is to leave in its model's file.
  static func json(_ settings: RunSettings, _ problem: LearningProblem) throws(MoultError) -> JSONOutput {
    let members = Setting.all.filter { $0.key.hasPrefix(section) && $0.key != sourceKey }
      .map { JSONOutput.Member(key: $0.key, value: $0.json(settings)) }
    return [
      "schema": 1, "settings": .object(members),
      "fingerprint": problem.isTestSplitOff ? .string(try problem.fingerprint()) : .null,
      "validated_on_test": .bool(problem.isValidatedOnTest),
    ]
  }

  /// - Throws: `.badData` for a text that no run left.
  init(_ text: String, location: String) throws(MoultError) {
    guard case .object(let members) = JSONValue(text), case .object(let values) = members["settings"],
      case .bool(let isValidatedOnTest) = members["validated_on_test"]
    else { throw SavedModel.damaged("the settings of the data", location) }
    var given = GivenSettings()
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      try given.take(value, for: key, .badData, place: location)
    }
    self.given = given
    self.isValidatedOnTest = isValidatedOnTest
    fingerprint = if case .string(let digits) = members["fingerprint"] { digits } else { nil }
  }

  /// The settings, for a table with that delimiter if there is one.
  func given(delimiter: DelimiterName?) -> GivenSettings {
    var given = given
    if let delimiter { given.delimiter = delimiter }
    return given
  }

  /// The problem with the validation part of training, if its samples are those of training; nil for others.
  func recognized(_ problem: LearningProblem) throws(MoultError) -> LearningProblem? {
    let seed = given.splitSeed ?? 0
    guard let fingerprint, let parted = try? problem.holdingOut(given.validationShare ?? 0, seed: seed) else {
      return nil
    }
    return try parted.fingerprint() == fingerprint ? parted : nil
  }
}
