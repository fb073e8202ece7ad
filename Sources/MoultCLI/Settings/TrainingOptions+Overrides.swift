import ArgumentParser
import Moult

extension TrainingOptions {
  /// No overrides.
  static let none: TrainingOptions = {
    do { return try parse([]) } catch { fatalError("TrainingOptions: expected no option to be required, got \(error)") }
  }()

  /// Sets the setting called `key`.
  ///
  /// - Parameter place: The beginning of messages: a file, or the option that has the text.
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
    if let text = setting.take(value, &self) ?? setting.validationError(self) {
      throw MoultError(code, "\(key): \(text)", location: place)
    }
  }

  /// Takes the text of `--set`: `key=value`, the value in JSON or a bare text.
  mutating func take(assignment text: String) throws(MoultError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw MoultError(
        .usage,
        "expected key=value such as model.dropout=0.3, got '\(text.visible)'; "
          + "moult train --print-config shows all names",
        location: "--set")
    }
    try take(JSONValue(parts[1]) ?? .string(parts[1]), for: parts[0], .usage, place: "--set")
  }

  /// Takes the settings of `other`, and drops those that depend on a choice which `other` changes: a learning rate for
  /// sgd does not suit adam.
  mutating func override(by other: TrainingOptions) {
    if let mine = recipe.optimizer, let optimizer = other.recipe.optimizer, optimizer != mine {
      (recipe.learningRate, recipe.momentum, recipe.weightDecay) = (nil, nil, nil)
    }
    if let mine = variant, let variant = other.variant, variant.name != mine.name { network.dropout = nil }
    if let mine = data, let data = other.data, data != mine { network.model = nil }
    add(other)
  }

  /// Takes the settings of `other` and keeps the rest.
  mutating func add(_ other: TrainingOptions) {
    for setting in Setting.all { setting.copy(other, &self) }
  }
}
