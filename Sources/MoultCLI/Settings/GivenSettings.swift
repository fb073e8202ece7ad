import Moult

/// The settings of a run as far as somebody gave them: in a file, with `--set`, or as options. What is nil was left open.
struct GivenSettings {
  // MARK: - Data
  var source: String?
  var validationShare: Double?
  var splitSeed: UInt64?
  var imageSize: PixelSize?

  // MARK: - Tables
  var target: String?
  var task: TableTask?
  var categorical: [String]?
  var numeric: [String]?
  var ignored: [String]?
  var splitColumn: String?
  var testShare: Double?
  var delimiter: DelimiterName?

  // MARK: - Model
  var layers: ModelSpec?
  var variant: DropoutVariant?
  var dropout: Double?
  var inputDropout: Double?
  var maxNorm: Double?

  // MARK: - Training
  var optimizer: OptimizerKind?
  var learningRate: Double?
  var momentum: Double?
  var weightDecay: Double?
  var schedule: ScheduleKind?
  var warmUp: Double?
  var labelSmoothing: Double?
  var epochs: Int?
  var batchSize: Int?
  var patience: Int?
  var classWeights: ClassWeighting?
  var seed: UInt64?

  /// Takes a value for the setting called `key`.
  ///
  /// - Parameter place: What messages begin with: a file, or the option that has the text.
  mutating func take(
    _ value: JSONValue, for key: String, _ code: MoultError.Code, place: String
  ) throws(MoultError) {
    let settings = Setting.all
    guard let setting = settings.first(where: { $0.key == key }) else {
      throw MoultError(
        code,
        "\(key.visible): expected the name of a setting; "
          + nearHint(key, among: settings.map(\.key)) + "moult train --print-config shows all", location: place)
    }
    if case .null = value { return }
    if let objection = setting.take(value, &self) ?? setting.objection(self) {
      throw MoultError(code, "\(key): \(objection)", location: place)
    }
  }

  /// Takes what `--set` says: `key=value`, the value in JSON or a bare text.
  mutating func take(assignment text: String) throws(MoultError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw MoultError(
        .usage,
        "expected key=value such as model.dropout=0.3, got '\(text.visible)'; moult train --print-config shows all names",
        location: "--set")
    }
    try take(JSONValue(parts[1]) ?? .string(parts[1]), for: parts[0], .usage, place: "--set")
  }

  /// Takes from `other` what it gives, and forgets what depends on a choice that is another there: a learning rate for sgd
  /// is none for adam.
  mutating func override(by other: GivenSettings) {
    if let mine = optimizer, let optimizer = other.optimizer, optimizer != mine {
      (learningRate, momentum, weightDecay) = (nil, nil, nil)
    }
    if let mine = variant, let variant = other.variant, variant.name != mine.name { dropout = nil }
    if let mine = source, let source = other.source, source != mine { layers = nil }
    add(other)
  }

  /// Takes from `other` what it gives, and keeps the rest.
  mutating func add(_ other: GivenSettings) {
    for setting in Setting.all { setting.copy(other, &self) }
  }
}
