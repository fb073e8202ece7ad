import Moult

/// A file with settings: a run's `config.json`, or a user's file for `--config`.
enum ConfigurationFile {
  /// The members of the file that are not settings.
  private static let passedOver: Set<String> = ["schema", "moult", "facts"]

  /// The names of settings in schema 1, which had no sections -> their current names.
  private static let earlierNames = [
    "data": "data.source", "model": "model.layers", "variant": "model.variant", "dropout": "model.dropout",
    "input_dropout": "model.input_dropout", "max_norm": "model.max_norm", "optimizer": "training.optimizer",
    "learning_rate": "training.learning_rate", "momentum": "training.momentum",
    "weight_decay": "training.weight_decay", "schedule": "training.schedule",
    "warm_up_epochs": "training.warm_up_epochs", "label_smoothing": "training.label_smoothing",
    "epochs": "training.epochs", "batch_size": "training.batch_size", "seed": "seed",
  ]
  /// The members of schema 1 that are not settings.
  private static let earlierFacts: Set<String> = ["train_samples", "test_samples", "parameters"]

  /// Reads the settings in a file. Settings that the file does not contain are not set.
  ///
  /// - Throws: `.noInput` if the file cannot be read, `.badData` if it is invalid.
  static func read(_ path: String) throws(MoultError) -> TrainingOptions {
    let bytes = try content(of: path)
    guard let text = String(validating: bytes, as: UTF8.self), case .object(let members) = JSONValue(text) else {
      throw MoultError(
        .badData,
        "expected settings as a JSON object with the sections data, model and training; "
          + "moult train --print-config shows one", location: path)
    }
    let schema = members["schema"]
    guard schema == nil || schema == .unsigned(1) || schema == .unsigned(2) else {
      throw MoultError(
        .badData, "schema: expected 1 or 2, got \(schema?.description ?? ""); is it of a newer moult?", location: path)
    }
    var overrides = TrainingOptions.none
    for (key, value) in members.sorted(by: { $0.key < $1.key }) where !passedOver.contains(key) {
      if case .object(let section) = value {
        for (name, value) in section.sorted(by: { $0.key < $1.key }) {
          try overrides.take(value, for: "\(key).\(name)", .badData, place: path)
        }
      } else if schema == .unsigned(1) {
        if earlierFacts.contains(key) { continue }
        try overrides.take(value, for: earlierNames[key] ?? key, .badData, place: path)
      } else {
        try overrides.take(value, for: key, .badData, place: path)
      }
    }
    return overrides
  }
}
