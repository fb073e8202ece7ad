import ArgumentParser
import Moult

extension TrainingOptions {
  /// The options with no overrides: nothing is set.
  static let none: TrainingOptions = {
    do { return try parse([]) } catch { fatalError("TrainingOptions: expected no option to be required, got \(error)") }
  }()

  /// Sets the setting with the key `key`.
  ///
  /// - Parameters:
  ///   - value: The new value; null changes nothing.
  ///   - key: The key of the setting, such as `model.dropout`.
  ///   - code: The code of errors.
  ///   - place: The location in error messages: a file, or the option that contains the value.
  /// - Throws: An error of code `code` for an unknown key or an invalid value.
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

  /// Applies the text of `--set`, `key=value`. The value is JSON or a plain text.
  ///
  /// - Throws: `.usage` for another form, an unknown key or an invalid value.
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

  /// Sets all settings that are set in `other`, and unsets those that depend on a choice that `other` changes: a
  /// learning rate for SGD is not suitable for Adam.
  mutating func override(by other: TrainingOptions) {
    if let mine = recipe.optimizer, let optimizer = other.recipe.optimizer, optimizer != mine {
      (recipe.learningRate, recipe.momentum, recipe.weightDecay) = (nil, nil, nil)
    }
    if let mine = variant, let variant = other.variant, variant.name != mine.name { network.dropout = nil }
    if let mine = data, let data = other.data, data != mine { network.model = nil }
    add(other)
  }

  /// Sets all settings that are set in `other`, and keeps the others.
  mutating func add(_ other: TrainingOptions) {
    for setting in Setting.all { setting.copy(other, &self) }
  }
}
